-- When the rows of an import were removed, as no longer needed.
ALTER TABLE import_batches ADD COLUMN rows_removed_at {ts};

-- Which imports have rows, by when they were last touched.
CREATE INDEX import_batches_with_rows ON import_batches (updated_at) WHERE rows_removed_at IS NULL;

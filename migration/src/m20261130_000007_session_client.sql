-- What a session was opened from. Those from before are of desks: there were no apps.
ALTER TABLE sessions ADD COLUMN client {text} NOT NULL DEFAULT 'DESK' CHECK (client IN ('DESK', 'MOBILE'));

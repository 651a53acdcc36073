//! A transaction and the audit entries of what it does. Entries are written as the last step
//! before the commit, heads locked in sorted order, so that two transactions never wait for each
//! other in a circle and a chain never forks.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use entities::{audit_entry, audit_stream};
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use serde_json::Value;
use uuid::Uuid;

use super::chain::{GENESIS, canonical, entry_hash};
use super::{Entry, Stream};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::events::{Hint, MOST_HINTS};
use crate::platform::failure::Fault;

/// Rows of one `INSERT`: PostgreSQL takes 65,535 parameters, SQLite 32,766.
const ROWS_AT_ONCE: usize = 500;

/// A writing transaction under way. Dropped without [`UnitOfWork::commit`], it leaves nothing.
pub struct UnitOfWork {
    platform: Platform,
    actor: Actor,
    now: DateTime<Utc>,
    tx: DatabaseTransaction,
    entries: Vec<Entry>,
    hints: Mutex<Vec<Hint>>,
}

impl UnitOfWork {
    /// Begins a transaction for an actor. Its time is one moment, taken now.
    pub async fn begin(platform: &Platform, actor: &Actor) -> Result<Self, Fault> {
        let tx = platform.db.begin().await?;
        Ok(Self {
            now: platform.now(),
            platform: platform.clone(),
            actor: actor.clone(),
            tx,
            entries: Vec::new(),
            hints: Mutex::default(),
        })
    }

    /// The transaction, for stores.
    pub fn tx(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// Moves the moment to now, for an act that has just got hold of its rows and may have waited for
    /// them. Whoever had them may have told somebody how they stood until then: what is done to them
    /// from here on is done later than that.
    pub fn after_waiting(&mut self) {
        self.now = self.now.max(self.platform.now());
    }

    /// The one moment at which everything in this transaction happens.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The calendar day of [`UnitOfWork::now`] in China.
    pub fn today(&self) -> chrono::NaiveDate {
        crate::platform::clock::local_date(self.now)
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The handles.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// A new id.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        self.platform.new_id()
    }

    /// Records what is done. Of an actor who holds roles by delegation the entry names those, so
    /// that no act under one goes without.
    pub fn record(
        &mut self,
        stream: Stream,
        action: &'static str,
        subject: String,
        mut body: Value,
    ) {
        let roles = self.actor.signed_in().map_or(&[][..], |signed_in| &signed_in.roles);
        let lent: Vec<String> =
            roles.iter().filter_map(|g| Some(g.lent?.delegation.0.to_string())).collect();
        if let Some(body) = body.as_object_mut().filter(|_| !lent.is_empty()) {
            body.insert("delegations".to_owned(), lent.into());
        }
        self.entries.push(Entry { stream, action, subject, body });
    }

    /// A row kept from others who write it until the transaction ends; rows may point to it
    /// meanwhile. `SQLite` has one writer at a time.
    pub fn locked<E: EntityTrait>(&self, select: Select<E>) -> Select<E> {
        if self.platform().db.is_sqlite() { select } else { select.lock(LockType::NoKeyUpdate) }
    }

    /// Has those who listen told of it, once it is committed.
    pub fn tell(&self, hints: impl IntoIterator<Item = Hint>) {
        let mut gathered = self.hints.lock().unwrap_or_else(PoisonError::into_inner);
        // One more than is told shows that there are too many.
        let room = (MOST_HINTS + 1).saturating_sub(gathered.len());
        gathered.extend(hints.into_iter().take(room));
    }

    /// Writes the entries and commits.
    pub async fn commit(mut self) -> Result<(), Fault> {
        self.write_entries().await?;
        self.tx.commit().await?;
        let hints = self.hints.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.platform.events.tell(&hints).await;
        Ok(())
    }

    async fn write_entries(&mut self) -> Result<(), Fault> {
        let mut by_stream: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for entry in std::mem::take(&mut self.entries) {
            by_stream.entry(entry.stream.name()).or_default().push(entry);
        }
        let names: Vec<String> = by_stream.keys().cloned().collect();
        let mut heads = self.lock_heads(&names).await?;
        let mut rows = Vec::new();
        for (stream, entries) in by_stream {
            let (seq, head) = heads.entry(stream.clone()).or_insert_with(|| (0, GENESIS.to_vec()));
            for entry in entries {
                let mut row = audit_entry::Model {
                    stream: stream.clone(),
                    seq: *seq + 1,
                    id: self.platform.new_id(),
                    at: self.now,
                    actor: self.actor.audit_name(),
                    action: entry.action.to_owned(),
                    subject: entry.subject,
                    body: canonical(&entry.body),
                    prev_hash: head.clone(),
                    hash: Vec::new(),
                };
                row.hash = entry_hash(&row).to_vec();
                (*seq, *head) = (row.seq, row.hash.clone());
                rows.push(audit_entry::ActiveModel::from(row));
            }
        }
        for chunk in rows.chunks(ROWS_AT_ONCE) {
            audit_entry::Entity::insert_many(chunk.to_vec())
                .exec_without_returning(&self.tx)
                .await?;
        }
        let moved: Vec<audit_stream::ActiveModel> = heads
            .into_iter()
            .map(|(id, (seq, head))| audit_stream::ActiveModel {
                id: Set(id),
                seq: Set(seq),
                head: Set(head),
            })
            .collect();
        for chunk in moved.chunks(ROWS_AT_ONCE) {
            audit_stream::Entity::insert_many(chunk.to_vec())
                .on_conflict(
                    OnConflict::column(audit_stream::Column::Id)
                        .update_columns([audit_stream::Column::Seq, audit_stream::Column::Head])
                        .to_owned(),
                )
                .exec_without_returning(&self.tx)
                .await?;
        }
        Ok(())
    }

    /// Makes sure each chain has a head row, then locks them in the order of their names.
    async fn lock_heads(
        &self,
        names: &[String],
    ) -> Result<BTreeMap<String, (i64, Vec<u8>)>, Fault> {
        let mut heads = BTreeMap::new();
        for chunk in names.chunks(ROWS_AT_ONCE) {
            audit_stream::Entity::insert_many(chunk.iter().map(|name| audit_stream::ActiveModel {
                id: Set(name.clone()),
                seq: Set(0),
                head: Set(GENESIS.to_vec()),
            }))
            .on_conflict(OnConflict::column(audit_stream::Column::Id).do_nothing().to_owned())
            .exec_without_returning(&self.tx)
            .await?;
            let mut select = audit_stream::Entity::find()
                .filter(audit_stream::Column::Id.is_in(chunk))
                .order_by_asc(audit_stream::Column::Id);
            if !self.platform.db.is_sqlite() {
                select = select.lock(LockType::Update);
            }
            for row in select.all(&self.tx).await? {
                heads.insert(row.id, (row.seq, row.head));
            }
        }
        Ok(heads)
    }
}

/// Records what was read, before it is answered: for readings that change nothing else.
pub async fn record_readings(
    platform: &Platform,
    actor: &Actor,
    readings: Vec<Entry>,
) -> Result<(), Fault> {
    if readings.is_empty() {
        return Ok(());
    }
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    for Entry { stream, action, subject, body } in readings {
        uow.record(stream, action, subject, body);
    }
    uow.commit().await
}

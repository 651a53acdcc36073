//! Works a job in chunks for the account that asked for it.

use std::future::Future;

use entities::job;

use super::actor_of_account;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;

/// Is told how many of how many rows are done.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Send + Sync);

/// What became of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// Committed up to this row.
    Done(i32),
    /// Nothing is left.
    Finished,
    /// Another worker has the job.
    Lost,
}

/// Works a claimed job chunk after chunk to its end, each given the actor and the row that the one
/// before came to. Answers early, without a fault, when another worker has it.
pub async fn work_in_chunks<F, Fut>(
    platform: &Platform,
    claimed: &job::Model,
    progress: Progress<'_>,
    chunk: F,
) -> Result<(), Fault>
where
    F: Fn(Actor, i32) -> Fut,
    Fut: Future<Output = Result<Chunk, Fault>>,
{
    let mut cursor = i32::try_from(claimed.cursor).map_err(Fault::stored)?;
    let total = usize::try_from(claimed.total).unwrap_or_default();
    loop {
        // Read anew for each chunk: a role that was taken away ends what it allowed.
        let actor = match claimed.account_id {
            None => Actor::System,
            Some(account) => actor_of_account(platform, account)
                .await?
                .ok_or_else(|| Fault::other("the account that asked for the job was closed"))?,
        };
        match chunk(actor, cursor).await? {
            Chunk::Done(next) => {
                cursor = next;
                progress(usize::try_from(cursor).unwrap_or_default(), total);
            }
            Chunk::Finished => {
                progress(total, total);
                return Ok(());
            }
            Chunk::Lost => return Ok(()),
        }
    }
}

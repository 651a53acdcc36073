//! What a server does beside answering: works the queue of jobs, takes up new keys, renews keys
//! before they cease to sign, signs status lists and keeps the trust bundle, removes the rows of old
//! imports, photos and phone credentials of long ago and status lists that need no longer be told,
//! applies reforms of agencies on their day, releases evaluations and erases contacts of complaints,
//! and makes a checkpoint of the audit log every hour.
//!
//! Each task looks by itself from time to time and sooner on a hint. Any number of nodes do this
//! at once: jobs are claimed, and keys and checkpoints are made under a lock after a second look.

use chrono::Duration;
use entities::enums::KeyUse;
use entities::job;
use futures::future::BoxFuture;
use serde_json::json;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;

use crate::audit::checkpoint;
use crate::audit::{Stream, UnitOfWork};
use crate::certification;
use crate::complaints;
use crate::credentials::lists;
use crate::devices;
use crate::graphql::user_error::face;
use crate::http::Web;
use crate::imports;
use crate::officers::existing;
use crate::photos;
use crate::platform::actor::Actor;
use crate::platform::events::Topic;
use crate::platform::failure::Fault;
use crate::platform::{Platform, jobs, keys};
use crate::{reorganisation, showings, training, trust};

/// Jobs one node works at once: a long one does not hold up a short one.
const AT_ONCE: usize = 2;
/// How often each task looks by itself.
const LOOK_FOR_JOBS: std::time::Duration = std::time::Duration::from_secs(2);
const LOOK_FOR_KEYS: std::time::Duration = std::time::Duration::from_secs(30);
/// A change is in the status lists two seconds later at most.
const LOOK_FOR_CHANGES: std::time::Duration = std::time::Duration::from_secs(1);
const LOOK_FOR_TRUST: std::time::Duration = std::time::Duration::from_mins(1);
const KEEP_HOUSE: std::time::Duration = std::time::Duration::from_mins(5);
/// Between two checkpoints.
const CHECKPOINT_EVERY: Duration = Duration::hours(1);

/// Works a claimed job in chunks, each committed with [`jobs::advance`], until it is finished or
/// the claim is lost. It is dropped where it waits when the server stops: the chunk under way
/// rolls back, and any node goes on from the one before.
pub type Handler = fn(Web, job::Model) -> BoxFuture<'static, Result<(), Fault>>;

/// The kinds of jobs and what works them.
pub type Kinds = &'static [(&'static str, Handler)];

/// The tasks of a running server.
pub struct Worker {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Worker {
    /// Starts the tasks.
    pub fn start(web: &Web, kinds: Kinds) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for _ in 0..AT_ONCE {
            tasks.spawn(work_jobs(web.clone(), kinds, Waiting::new(&web.platform, &stopped)));
        }
        tasks.spawn(take_up_keys(web.platform.clone(), Waiting::new(&web.platform, &stopped)));
        tasks.spawn(sign_lists(web.clone(), Waiting::new(&web.platform, &stopped)));
        tasks.spawn(keep_trust(web.clone(), Waiting::new(&web.platform, &stopped)));
        tasks.spawn(keep_house(web.platform.clone(), Waiting::new(&web.platform, &stopped)));
        Self { tasks, stop }
    }

    /// Stops the tasks and waits for their end. Jobs under way go back into the queue.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// What a task waits for.
struct Waiting {
    hints: broadcast::Receiver<Topic>,
    stopped: watch::Receiver<bool>,
}

impl Waiting {
    fn new(platform: &Platform, stopped: &watch::Receiver<bool>) -> Self {
        Self { hints: platform.events.subscribe(), stopped: stopped.clone() }
    }

    /// Waits for a hint or the time to look; `false` when the server stops.
    async fn next(&mut self, topic: Option<Topic>, look: std::time::Duration) -> bool {
        let hints = &mut self.hints;
        let hint = async {
            loop {
                match hints.recv().await {
                    Ok(heard) if Some(heard) != topic => {}
                    // Missed some: one of them may have been this one.
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                    Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        tokio::select! {
            () = stop(&mut self.stopped) => false,
            () = hint => true,
            () = tokio::time::sleep(look) => true,
        }
    }
}

/// Waits until the server stops.
async fn stop(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn work_jobs(web: Web, kinds: Kinds, mut waiting: Waiting) {
    let names: Vec<&str> = kinds.iter().map(|(name, _)| *name).collect();
    if names.is_empty() {
        return;
    }
    while !*waiting.stopped.borrow() {
        let claimed = match jobs::claim(&web.platform, &names, None).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::error!(%error, "no job could be claimed");
                None
            }
        };
        let Some(claimed) = claimed else {
            if waiting.next(Some(Topic::Jobs), LOOK_FOR_JOBS).await {
                continue;
            }
            return;
        };
        if let Some((_, handler)) = kinds.iter().find(|(name, _)| *name == claimed.kind)
            && let Err(error) = work_one(&web, *handler, &claimed, &mut waiting.stopped).await
        {
            // The claim runs out, and the job is taken up again.
            tracing::error!(%error, job = %claimed.id.0, "a job could not be given back");
        }
    }
}

/// Works a claimed job; gives it back where it fails or the server stops.
async fn work_one(
    web: &Web,
    handler: Handler,
    claimed: &job::Model,
    stopped: &mut watch::Receiver<bool>,
) -> Result<(), Fault> {
    // In a task of its own, so that a panic ends the job and not the worker.
    let mut task = tokio::spawn(handler(web.clone(), claimed.clone()));
    let ended = tokio::select! {
        ended = &mut task => ended,
        () = stop(stopped) => {
            task.abort();
            // It may have finished at this very moment; the fence and the state tell.
            let _ = task.await;
            return jobs::release(&web.platform, claimed).await;
        }
    };
    let code = match ended {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(fault)) => {
            tracing::error!(error = %fault, kind = claimed.kind, job = %claimed.id.0, "a job failed");
            face(&fault).code()
        }
        Err(error) => {
            tracing::error!(%error, kind = claimed.kind, job = %claimed.id.0, "a job broke off");
            "INTERNAL"
        }
    };
    jobs::fail(&web.platform, claimed, code).await
}

async fn take_up_keys(platform: Platform, mut waiting: Waiting) {
    while waiting.next(Some(Topic::Keys), LOOK_FOR_KEYS).await {
        if let Err(error) = keys::load(&platform, platform.db.read()).await {
            tracing::error!(%error, "the signing keys could not be read");
        }
    }
}

async fn sign_lists(web: Web, mut waiting: Waiting) {
    loop {
        if let Err(error) = lists::sign_due(&web.platform, web.config.public_url()).await {
            tracing::error!(%error, "the status lists could not be signed");
        }
        if !waiting.next(None, LOOK_FOR_CHANGES).await {
            return;
        }
    }
}

async fn keep_trust(web: Web, mut waiting: Waiting) {
    loop {
        let (url, folder) = (web.config.public_url(), &web.config.data_dir);
        if let Err(error) = trust::keep(&web.platform, url, folder).await {
            tracing::error!(%error, "the trust bundle could not be made");
        }
        if !waiting.next(Some(Topic::Keys), LOOK_FOR_TRUST).await {
            return;
        }
    }
}

async fn keep_house(platform: Platform, mut waiting: Waiting) {
    loop {
        if let Err(error) = renew_keys(&platform).await {
            tracing::error!(%error, "the signing keys could not be renewed");
        }
        if let Err(error) = certification::expire_due(&platform).await {
            tracing::error!(%error, "expired certificates could not be recorded");
        }
        if let Err(error) = existing::examine_due(&platform).await {
            tracing::error!(%error, "claimed certificates could not be looked at anew");
        }
        if let Err(error) = imports::retention::keep(&platform).await {
            tracing::error!(%error, "the rows of old imports could not be removed");
        }
        if let Err(error) = photos::retention::keep(&platform).await {
            tracing::error!(%error, "the rows of old photos could not be removed");
        }
        if let Err(error) = reorganisation::apply_due(&platform).await {
            tracing::error!(%error, "reforms whose day has come could not be applied");
        }
        if let Err(error) = devices::forget(&platform).await {
            tracing::error!(%error, "what phones no longer show could not be removed");
        }
        if let Err(error) = training::uploads::keep(&platform).await {
            tracing::error!(%error, "the rows of old workbooks could not be removed");
        }
        if let Err(error) = lists::forget_old(&platform).await {
            tracing::error!(%error, "old status lists could not be removed");
        }
        if let Err(error) = complaints::keep(&platform).await {
            tracing::error!(%error, "evaluations and complaints could not be kept");
        }
        if let Err(error) = showings::retention::keep(&platform).await {
            tracing::error!(%error, "old showings could not be removed");
        }
        if let Err(error) = checkpoint_if_due(&platform).await {
            tracing::error!(%error, "no checkpoint of the audit log could be made");
        }
        if !waiting.next(None, KEEP_HOUSE).await {
            return;
        }
    }
}

/// Makes a key for each use whose newest one ceases to sign soon (see [`keys::due`]), and answers
/// the uses. The old one signs until the new one is known everywhere.
pub async fn renew_keys(platform: &Platform) -> Result<Vec<KeyUse>, Fault> {
    if keys::due(platform.db.read(), platform.now()).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
    platform.db.lock_table(uow.tx(), "signing_keys").await?;
    // Another node may have made them while this one waited for the lock.
    let due = keys::due(uow.tx(), uow.now()).await?;
    for key_use in &due {
        let from = platform.keyring.next_begins(*key_use, uow.now());
        let row = keys::create(platform, uow.tx(), *key_use, from).await?;
        uow.record(
            Stream::System,
            "key.create",
            crate::graphql::ids::encode(row.id),
            json!({ "use": key_use.code(), "kid": hex::encode(&row.kid), "reason": "RENEWAL" }),
        );
    }
    if due.is_empty() {
        return Ok(due);
    }
    uow.commit().await?;
    keys::load(platform, platform.db.read()).await?;
    platform.events.publish(Topic::Keys).await;
    Ok(due)
}

/// Makes a signed checkpoint where one is due (see [`checkpoint::is_due`]). Answers whether it did.
pub async fn checkpoint_if_due(platform: &Platform) -> Result<bool, Fault> {
    Ok(checkpoint::make(platform, Some(CHECKPOINT_EVERY)).await?.is_some())
}

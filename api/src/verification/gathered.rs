//! One statement for many scans: while one is under way, those who ask gather, and the next one
//! answers all of them. Alone, nobody waits; nobody is answered by a statement that had begun
//! before they asked.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::platform::failure::Fault;

/// Most that one statement is asked for.
const MOST: usize = 64;

/// What is recorded under keys; a key that is missing has nothing.
type Read<K, V> = dyn Fn(Vec<K>) -> BoxFuture<'static, Result<HashMap<K, V>, Fault>> + Send + Sync;

/// No answer was had; why, is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unanswered;

/// Asks for many by one statement at a time.
pub(super) struct Gathered<K, V>(Arc<Inner<K, V>>);

struct Inner<K, V> {
    read: Box<Read<K, V>>,
    patience: Duration,
    queue: Mutex<Queue<K, V>>,
}

struct Queue<K, V> {
    waiting: Vec<(K, oneshot::Sender<Option<V>>)>,
    /// Held by the task that reads, however it ends.
    reader: Weak<()>,
}

impl<K, V> Gathered<K, V>
where
    K: Copy + Eq + Hash + Send + 'static,
    V: Clone + Send + 'static,
{
    /// Reads by this statement, which is given up after some time.
    pub(super) fn new(
        patience: Duration,
        read: impl Fn(Vec<K>) -> BoxFuture<'static, Result<HashMap<K, V>, Fault>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let queue = Mutex::new(Queue { waiting: Vec::new(), reader: Weak::new() });
        Self(Arc::new(Inner { read: Box::new(read), patience, queue }))
    }

    /// What is recorded under a key now.
    pub(super) async fn ask(&self, key: K) -> Result<Option<V>, Unanswered> {
        let (answer, answered) = oneshot::channel();
        {
            let mut queue = self.0.queue();
            queue.waiting.push((key, answer));
            if queue.reader.strong_count() == 0 {
                let reader = Arc::new(());
                queue.reader = Arc::downgrade(&reader);
                tokio::spawn(self.0.clone().work(reader));
            }
        }
        answered.await.map_err(|_| Unanswered)
    }
}

impl<K: Copy + Eq + Hash, V: Clone> Inner<K, V> {
    fn queue(&self) -> MutexGuard<'_, Queue<K, V>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads until nobody waits.
    async fn work(self: Arc<Self>, reader: Arc<()>) {
        loop {
            // Whoever is about to ask comes along.
            tokio::task::yield_now().await;
            let asked = {
                let mut queue = self.queue();
                if queue.waiting.is_empty() {
                    // Under the lock: who comes next finds nobody reading.
                    drop(reader);
                    return;
                }
                let taken = queue.waiting.len().min(MOST);
                queue.waiting.drain(..taken).collect::<Vec<_>>()
            };
            let keys = asked.iter().map(|(key, _)| *key).collect();
            match timeout(self.patience, (self.read)(keys)).await {
                Ok(Ok(recorded)) => {
                    for (key, answer) in asked {
                        // Who has gone meanwhile needs no answer.
                        let _ = answer.send(recorded.get(&key).cloned());
                    }
                }
                Ok(Err(error)) => tracing::error!(%error, "the status could not be read"),
                Err(_) => tracing::error!("the status was waited for too long"),
            }
        }
    }
}

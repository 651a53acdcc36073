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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::FutureExt;
    use tokio::sync::mpsc;

    use super::*;

    type Answer = Result<HashMap<u32, String>, Fault>;
    /// What a statement was asked for, and how it is answered.
    type Begun = (Vec<u32>, oneshot::Sender<Answer>);

    /// Statements that the test answers itself.
    fn by_hand(patience: Duration) -> (Arc<Gathered<u32, String>>, mpsc::UnboundedReceiver<Begun>) {
        let (begin, begun) = mpsc::unbounded_channel();
        let gathered = Gathered::new(patience, move |keys| {
            let (answer, answered) = oneshot::channel();
            begin.send((keys, answer)).unwrap();
            async move { answered.await.unwrap() }.boxed()
        });
        (Arc::new(gathered), begun)
    }

    #[expect(clippy::unnecessary_wraps, reason = "in the form of an answer")]
    fn recorded(keys: &[u32], as_what: &str) -> Answer {
        Ok(keys.iter().map(|key| (*key, format!("{key} {as_what}"))).collect())
    }

    /// Asks, and waits until the question is in the queue.
    fn asks(
        gathered: &Arc<Gathered<u32, String>>,
        key: u32,
    ) -> tokio::task::JoinHandle<Result<Option<String>, Unanswered>> {
        let before = gathered.0.queue().waiting.len();
        let asked = gathered.clone();
        let mut ask = async move { asked.ask(key).await }.boxed();
        assert!((&mut ask).now_or_never().is_none());
        assert_eq!(gathered.0.queue().waiting.len(), before + 1);
        tokio::spawn(ask)
    }

    #[tokio::test]
    async fn who_asks_during_a_statement_is_answered_by_the_next_one() {
        let (gathered, mut begun) = by_hand(Duration::from_mins(1));
        let first = asks(&gathered, 1);
        let (keys, answer) = begun.recv().await.unwrap();
        assert_eq!(keys, [1]);
        // The same key again: the statement under way may have read before this was asked.
        let others = [1, 2, 3].map(|key| asks(&gathered, key));
        answer.send(recorded(&[1], "early")).unwrap();
        assert_eq!(first.await.unwrap(), Ok(Some("1 early".into())));

        let (keys, answer) = begun.recv().await.unwrap();
        assert_eq!(keys, [1, 2, 3]);
        answer.send(recorded(&[1, 2], "late")).unwrap();
        let [one, two, three] = others;
        assert_eq!(one.await.unwrap(), Ok(Some("1 late".into())));
        assert_eq!(two.await.unwrap(), Ok(Some("2 late".into())));
        assert_eq!(three.await.unwrap(), Ok(None), "nothing is recorded under it");
        assert!(begun.try_recv().is_err(), "nobody waits, nothing is read");
    }

    #[tokio::test]
    async fn a_statement_asks_for_a_bounded_number() {
        let (gathered, mut begun) = by_hand(Duration::from_mins(1));
        let waiting: Vec<_> = (0..150).map(|key| asks(&gathered, key)).collect();
        let mut sizes = Vec::new();
        while sizes.iter().sum::<usize>() < 150 {
            let (keys, answer) = begun.recv().await.unwrap();
            sizes.push(keys.len());
            answer.send(recorded(&keys, "now")).unwrap();
        }
        assert_eq!(sizes, [64, 64, 22]);
        for (key, answer) in waiting.into_iter().enumerate() {
            assert_eq!(answer.await.unwrap(), Ok(Some(format!("{key} now"))));
        }
    }

    #[tokio::test]
    async fn who_has_gone_takes_nothing_from_the_others() {
        let (gathered, mut begun) = by_hand(Duration::from_mins(1));
        let (gone, stays) = (asks(&gathered, 1), asks(&gathered, 2));
        let (keys, answer) = begun.recv().await.unwrap();
        gone.abort();
        assert!(gone.await.unwrap_err().is_cancelled());
        answer.send(recorded(&keys, "now")).unwrap();
        assert_eq!(stays.await.unwrap(), Ok(Some("2 now".into())));
    }

    #[tokio::test]
    async fn a_statement_that_fails_or_hangs_or_panics_is_nobodys_answer_and_the_next_is_read() {
        let (gathered, mut begun) = by_hand(Duration::from_millis(20));
        for ending in ["fails", "hangs", "panics"] {
            let asked = asks(&gathered, 1);
            let (_, answer) = begun.recv().await.unwrap();
            let held = match ending {
                "fails" => {
                    answer.send(Err(Fault::other("as a test wants it"))).unwrap();
                    None
                }
                "panics" => {
                    drop(answer);
                    None
                }
                _ => Some(answer),
            };
            assert_eq!(asked.await.unwrap(), Err(Unanswered), "{ending}");
            drop(held);
            let asked = asks(&gathered, 2);
            let (keys, answer) = begun.recv().await.unwrap();
            answer.send(recorded(&keys, "again")).unwrap();
            assert_eq!(asked.await.unwrap(), Ok(Some("2 again".into())), "{ending}");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn at_no_time_are_there_two_statements() {
        static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);
        let gathered = Arc::new(Gathered::new(Duration::from_mins(1), |keys: Vec<u32>| {
            async move {
                assert_eq!(UNDER_WAY.fetch_add(1, Ordering::SeqCst), 0);
                tokio::task::yield_now().await;
                UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
                recorded(&keys, "now")
            }
            .boxed()
        }));
        let all = (0..8).map(|_| {
            let gathered = gathered.clone();
            tokio::spawn(async move {
                for key in 0..500 {
                    assert_eq!(gathered.ask(key).await, Ok(Some(format!("{key} now"))));
                }
            })
        });
        for one in futures::future::join_all(all).await {
            one.unwrap();
        }
    }
}

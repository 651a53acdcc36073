//! Hints that something changed, to the tasks of this node and, through Redis, to other nodes. A
//! hint may be lost or come twice: whoever waits for one also looks by itself from time to time,
//! and the database is the truth.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::redis::RedisError;
use entities::ids::{CertificateId, CheckRecordId};
use futures::StreamExt;
use tokio::sync::broadcast;
use tokio::task::AbortHandle;
use uuid::Uuid;

use super::redis::Redis;

/// Hints a slow receiver may be behind; it then learns that it missed some.
const BACKLOG: usize = 64;
/// Hints for people that a slow receiver may be behind.
const HINT_BACKLOG: usize = 1_024;
/// Hints of one message to other nodes; of more it says only that something changed.
pub const MOST_HINTS: usize = 200;
/// What a message of hints begins with.
const HINTS: &str = "hints";
/// First and longest pause before listening is tried again.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// Longest wait for a connection to listen on.
const CONNECT: Duration = Duration::from_secs(2);

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The set of signing keys.
    Keys,
    /// A job was put into the queue.
    Jobs,
}

impl Topic {
    /// Every topic.
    const ALL: [Self; 2] = [Self::Keys, Self::Jobs];

    /// The word in a message.
    const fn word(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Jobs => "jobs",
        }
    }
}

/// What a person who listens is told: an id and nothing of what it names, for that is read by who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// The state of a certificate changed.
    Certificate(CertificateId),
    /// A check record was judged, or something was added to it.
    CheckRecord(CheckRecordId),
    /// More than can be told, or nobody knows what: look anew.
    Anything,
}

impl Hint {
    /// The word in a message.
    fn word(self) -> String {
        match self {
            Self::Certificate(id) => format!("cert_{}", id.0.simple()),
            Self::CheckRecord(id) => format!("chck_{}", id.0.simple()),
            Self::Anything => "any".to_owned(),
        }
    }

    /// A hint of a newer node that this one does not know is none.
    fn read(word: &str) -> Option<Self> {
        let (kind, id) = match word.split_once('_') {
            Some((kind, id)) => (kind, Uuid::try_parse(id).ok()?),
            None => return (word == "any").then_some(Self::Anything),
        };
        match kind {
            "cert" => Some(Self::Certificate(CertificateId(id))),
            "chck" => Some(Self::CheckRecord(CheckRecordId(id))),
            _ => None,
        }
    }
}

/// Passes hints on. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Events(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    here: broadcast::Sender<Topic>,
    hints: broadcast::Sender<Hint>,
    redis: Option<Redis>,
    listener: Mutex<Option<AbortHandle>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        let mut listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = listener.take() {
            task.abort();
        }
    }
}

impl Events {
    /// Within this process.
    pub fn local() -> Self {
        Self::over(None)
    }

    /// Also to and from the other nodes on this Redis.
    pub fn with_redis(redis: Redis) -> Self {
        Self::over(Some(redis))
    }

    fn over(redis: Option<Redis>) -> Self {
        let here = broadcast::Sender::new(BACKLOG);
        let hints = broadcast::Sender::new(HINT_BACKLOG);
        Self(Arc::new(Inner { here, hints, redis, listener: Mutex::default() }))
    }

    /// Says that something changed; call it after the commit. Waits 100 ms for Redis at most and
    /// never fails.
    pub async fn publish(&self, topic: Topic) {
        // No receiver is no error: nobody on this node waits.
        let _ = self.0.here.send(topic);
        self.to_others(topic.word()).await;
    }

    /// Tells those who listen, like [`Self::publish`]. Nothing for no hints.
    pub async fn tell(&self, hints: &[Hint]) {
        let hints = match hints.len() {
            0 => return,
            1..=MOST_HINTS => hints,
            _ => &[Hint::Anything],
        };
        for hint in hints {
            let _ = self.0.hints.send(*hint);
        }
        let words = hints.iter().map(|hint| hint.word()).collect::<Vec<_>>().join(" ");
        self.to_others(&format!("{HINTS} {words}")).await;
    }

    async fn to_others(&self, message: &str) {
        if let Some(redis) = &self.0.redis {
            let channel = redis.name("events");
            let mut command = ::redis::cmd("PUBLISH");
            let _: Option<i64> = redis.ask(command.arg(channel).arg(message)).await;
        }
    }

    /// Receives what is published from now on. The first call begins to listen to Redis; it must
    /// be made within the async runtime.
    pub fn subscribe(&self) -> broadcast::Receiver<Topic> {
        let receiver = self.0.here.subscribe();
        self.listen();
        receiver
    }

    /// Receives the hints for people from now on, like [`Self::subscribe`].
    pub fn hints(&self) -> broadcast::Receiver<Hint> {
        let receiver = self.0.hints.subscribe();
        self.listen();
        receiver
    }

    fn listen(&self) {
        let Some(redis) = &self.0.redis else { return };
        let mut listener = self.0.listener.lock().unwrap_or_else(PoisonError::into_inner);
        if listener.is_none() {
            let (here, hints) = (self.0.here.clone(), self.0.hints.clone());
            *listener = Some(tokio::spawn(listen(redis.clone(), here, hints)).abort_handle());
        }
    }
}

/// Passes on what other nodes say, for ever; connects again after a pause that grows to a bound.
async fn listen(redis: Redis, here: broadcast::Sender<Topic>, hints: broadcast::Sender<Hint>) {
    let mut pause = PAUSE.0;
    loop {
        match tokio::time::timeout(CONNECT, subscribed(&redis)).await {
            Ok(Ok(subscription)) => {
                redis.answers();
                pause = PAUSE.0;
                // Whatever was said before nobody heard.
                for topic in Topic::ALL {
                    let _ = here.send(topic);
                }
                let _ = hints.send(Hint::Anything);
                let mut messages = subscription.into_on_message();
                while let Some(message) = messages.next().await {
                    let text = str::from_utf8(message.get_payload_bytes()).unwrap_or_default();
                    if let Some(topic) = Topic::ALL.into_iter().find(|t| t.word() == text) {
                        let _ = here.send(topic);
                    } else if let Some(words) = text.strip_prefix(HINTS) {
                        for hint in words.split_ascii_whitespace().filter_map(Hint::read) {
                            let _ = hints.send(hint);
                        }
                    }
                }
                redis.is_down("the subscription ended");
            }
            Ok(Err(error)) => redis.is_down(&error.to_string()),
            Err(_) => redis.is_down("no connection in time"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE.1);
    }
}

async fn subscribed(redis: &Redis) -> Result<::redis::aio::PubSub, RedisError> {
    let mut subscription = redis.client().get_async_pubsub().await?;
    subscription.subscribe(redis.name("events")).await?;
    Ok(subscription)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hint_reaches_every_task_that_waits() {
        let events = Events::local();
        events.publish(Topic::Keys).await;
        let (mut one, mut two) = (events.subscribe(), events.clone().subscribe());
        events.publish(Topic::Jobs).await;
        assert_eq!(one.recv().await, Ok(Topic::Jobs));
        assert_eq!(two.recv().await, Ok(Topic::Jobs));
        assert!(one.try_recv().is_err());
    }

    #[tokio::test]
    async fn who_listens_is_told_ids_and_of_too_many_only_that_there_are() {
        let events = Events::local();
        let mut told = events.hints();
        let hint = Hint::Certificate(CertificateId(Uuid::from_u128(7)));
        events.tell(&[]).await;
        events.tell(&[hint]).await;
        events.tell(&[hint; MOST_HINTS + 1]).await;
        assert_eq!(told.recv().await, Ok(hint));
        assert_eq!(told.recv().await, Ok(Hint::Anything));
        assert!(told.try_recv().is_err());
    }

    #[test]
    fn a_hint_is_read_as_it_is_written_and_an_unknown_one_is_none() {
        let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
        for hint in [
            Hint::Certificate(CertificateId(id)),
            Hint::CheckRecord(CheckRecordId(id)),
            Hint::Anything,
        ] {
            assert_eq!(Hint::read(&hint.word()), Some(hint));
        }
        for word in ["", "cert_", "cert_12", "x_01900000000070008000000000000001", "keys"] {
            assert_eq!(Hint::read(word), None, "{word}");
        }
    }
}

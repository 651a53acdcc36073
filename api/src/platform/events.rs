//! Hints that something changed, to the tasks of this node and, through Redis, to other nodes. A
//! hint may be lost or come twice: whoever waits for one also looks by itself from time to time,
//! and the database is the truth.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::redis::RedisError;
use futures::StreamExt;
use tokio::sync::broadcast;
use tokio::task::AbortHandle;

use super::redis::Redis;

/// Hints a slow receiver may be behind; it then learns that it missed some.
const BACKLOG: usize = 64;
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

/// Passes hints on. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Events(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    here: broadcast::Sender<Topic>,
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
        Self(Arc::new(Inner { here, redis, listener: Mutex::default() }))
    }

    /// Says that something changed; call it after the commit. Waits 100 ms for Redis at most and
    /// never fails.
    pub async fn publish(&self, topic: Topic) {
        // No receiver is no error: nobody on this node waits.
        let _ = self.0.here.send(topic);
        if let Some(redis) = &self.0.redis {
            let channel = redis.name("events");
            let mut command = ::redis::cmd("PUBLISH");
            let _: Option<i64> = redis.ask(command.arg(channel).arg(topic.word())).await;
        }
    }

    /// Receives what is published from now on. The first call begins to listen to Redis; it must
    /// be made within the async runtime.
    pub fn subscribe(&self) -> broadcast::Receiver<Topic> {
        let receiver = self.0.here.subscribe();
        if let Some(redis) = &self.0.redis {
            let mut listener = self.0.listener.lock().unwrap_or_else(PoisonError::into_inner);
            if listener.is_none() {
                let task = tokio::spawn(listen(redis.clone(), self.0.here.clone()));
                *listener = Some(task.abort_handle());
            }
        }
        receiver
    }
}

/// Passes on what other nodes say, for ever; connects again after a pause that grows to a bound.
async fn listen(redis: Redis, here: broadcast::Sender<Topic>) {
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
                let mut messages = subscription.into_on_message();
                while let Some(message) = messages.next().await {
                    let topic = Topic::ALL
                        .into_iter()
                        .find(|topic| topic.word().as_bytes() == message.get_payload_bytes());
                    if let Some(topic) = topic {
                        let _ = here.send(topic);
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
}

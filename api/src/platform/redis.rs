//! The Redis that several nodes share, where one is given. Nothing depends on it: every question
//! has a short end, an answer that does not come is `None`, and an outage is logged once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ::redis::aio::{ConnectionManager, ConnectionManagerConfig};
use ::redis::{Client, Cmd, FromRedisValue, RedisError};

/// Longest wait for an answer.
pub const PATIENCE: Duration = Duration::from_millis(100);
/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(1);

/// A Redis, connected when it is first asked. Cloning is cheap.
#[derive(Clone)]
pub struct Redis {
    client: Client,
    manager: ConnectionManager,
    prefix: Arc<str>,
    down: Arc<AtomicBool>,
}

impl Redis {
    /// Takes the address; an error is one of its form. `prefix` begins every key and channel, so
    /// that deployments can share one Redis.
    pub fn new(url: &str, prefix: &str) -> Result<Self, RedisError> {
        let client = Client::open(url)?;
        let config = ConnectionManagerConfig::new()
            // Whoever asks next tries again; nobody waits for attempts.
            .set_number_of_retries(0)
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(PATIENCE));
        let manager = client.get_connection_manager_lazy(config)?;
        Ok(Self { client, manager, prefix: prefix.into(), down: Arc::default() })
    }

    /// Whether it answers within two seconds, over a new connection.
    pub async fn ping(&self) -> Result<(), String> {
        let ask = async {
            let mut connection = self.client.get_multiplexed_async_connection().await?;
            ::redis::cmd("PING").query_async::<()>(&mut connection).await
        };
        match tokio::time::timeout(CONNECT * 2, ask).await {
            Ok(answer) => answer.map_err(|error| error.to_string()),
            Err(_) => Err("no answer in time".to_owned()),
        }
    }

    /// A name under this deployment's prefix.
    pub(super) fn name(&self, name: &str) -> String {
        format!("{}:{name}", self.prefix)
    }

    /// For connections of one's own, such as a subscription.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Asks; `None` where no answer comes in time.
    pub(super) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        let mut manager = self.manager.clone();
        match tokio::time::timeout(PATIENCE, command.query_async(&mut manager)).await {
            Ok(Ok(answer)) => {
                self.answers();
                Some(answer)
            }
            Ok(Err(error)) => {
                self.is_down(&error.to_string());
                None
            }
            Err(_) => {
                self.is_down("no answer in time");
                None
            }
        }
    }

    /// Marks the end of an outage.
    pub(super) fn answers(&self) {
        if self.down.swap(false, Ordering::Relaxed) {
            tracing::info!("Redis answers again");
        }
    }

    /// Marks an outage; the first mark of one is logged.
    pub(super) fn is_down(&self, why: &str) {
        if !self.down.swap(true, Ordering::Relaxed) {
            tracing::warn!(why, "Redis does not answer; this node goes on by itself");
        }
    }
}

impl std::fmt::Debug for Redis {
    /// Without the address, which may hold a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Redis").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

//! Subscriptions over WebSocket, by the protocol `graphql-transport-ws`. A connection is signed in by
//! its first message, carries subscriptions only and is closed when its session ends. What it tells
//! are hints: whoever was not connected has missed nothing that a query does not tell.

use std::any::TypeId;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use async_graphql::http::{WebSocket as Protocol, WebSocketProtocols, WsMessage};
use async_graphql::{Data, Executor, Request, Response as GraphqlResponse, ServerError};
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use entities::ids::AccountId;
use futures::stream::{self, BoxStream, SplitSink};
use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::Web;
use super::address::{self, Peer};
use super::graphql::{language, refused};
use crate::auth::listening::Listening;
use crate::graphql::{Caller, RequestError, admit, limits};
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
use crate::platform::texts::Locale;
use crate::platform::throttle::neighbourhood;
use crate::schema;

/// The one protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";
/// Largest message of a client.
const MESSAGE: usize = 64 * 1024;
/// Connections of a node; each takes some ten KB.
const CONNECTIONS: usize = 5_000;
/// Connections of an account on a node: a phone, and what it has not yet noticed to be gone.
const OF_AN_ACCOUNT: usize = 5;
/// Connections from one place that have not signed in yet. All phones of a mobile network may share
/// an address, and each waits for a moment only.
const WAITING: usize = 100;
/// Subscriptions of a connection.
const SUBSCRIPTIONS: usize = 10;
/// Longest wait for the message that signs in.
const SIGN_IN: Duration = Duration::from_secs(10);
/// Longest wait for a client to take a message: one that reads nothing is not waited for.
const SEND: Duration = Duration::from_secs(10);
/// Longest silence of a client, which sends a ping where it has nothing else to say.
const SILENCE: Duration = Duration::from_secs(90);
/// How often it is asked whether the session is still in force, beside each time something is told.
const ASK: Duration = Duration::from_secs(20);

/// Why a connection is closed, as a client reads it.
mod close {
    /// The token does not hold, or the session has ended.
    pub(super) const UNAUTHORIZED: (u16, &str) = (4401, "Unauthorized");
    /// Nobody signed in in time.
    pub(super) const TOO_SLOW: (u16, &str) = (4408, "Connection initialisation timeout");
    /// The account has more connections than it may.
    pub(super) const TOO_MANY: (u16, &str) = (4429, "Too many connections");
    /// The session could not be read.
    pub(super) const BUSY: (u16, &str) = (1013, "Try again later");
}

/// The connections of this node.
pub struct Connections {
    all: Arc<Semaphore>,
    of_accounts: Counts<AccountId>,
    /// By where they come from, until they sign in.
    waiting: Counts<Option<IpAddr>>,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            all: Arc::new(Semaphore::new(CONNECTIONS)),
            of_accounts: Counts::default(),
            waiting: Counts::default(),
        }
    }
}

/// How many there are of each.
struct Counts<K>(Arc<Mutex<HashMap<K, usize>>>);

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// A place among those of a key, given back when dropped.
struct Place<K: Eq + Hash> {
    counts: Arc<Mutex<HashMap<K, usize>>>,
    key: K,
}

impl<K: Copy + Eq + Hash> Counts<K> {
    /// One of so many places at most.
    fn take(&self, key: K, most: usize) -> Option<Place<K>> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(key).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { counts: self.0.clone(), key })
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.key) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(&self.key);
            }
        }
    }
}

/// Opens a connection. A browser says from which site it comes: only our own may.
pub(super) async fn open(
    State(web): State<Web>,
    peer: Peer,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let locale = language(&headers);
    if headers.get(header::ORIGIN).is_some_and(|origin| !is_ours(&web, origin.as_bytes())) {
        return refused(RequestError::OriginRefused, locale);
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade.protocols([PROTOCOL]),
        Err(rejection) => return rejection.into_response(),
    };
    if upgrade.selected_protocol().is_none() {
        return refused(RequestError::ProtocolUnknown, locale);
    }
    let Ok(place) = web.connections.all.clone().try_acquire_owned() else {
        return refused(RequestError::Busy, locale);
    };
    let from = address::place(&web, peer, &headers).map(neighbourhood);
    let Some(waiting) = web.connections.waiting.take(from, WAITING) else {
        return refused(RequestError::Busy, locale);
    };
    upgrade.max_message_size(MESSAGE).max_frame_size(MESSAGE).on_upgrade(move |socket| async move {
        serve(web, socket, waiting, locale).await;
        drop(place);
    })
}

/// Whether an `Origin` is that of the public address.
fn is_ours(web: &Web, origin: &[u8]) -> bool {
    url::Url::parse(web.config.public_url())
        .is_ok_and(|url| url.origin().ascii_serialization().as_bytes() == origin)
}

/// How the message that signs in was answered.
type SignedIn = OnceLock<Result<(Arc<Listening>, Place<AccountId>), (u16, &'static str)>>;

async fn serve(web: Web, socket: WebSocket, waiting: Place<Option<IpAddr>>, locale: Locale) {
    let (mut sink, messages) = socket.split();
    let signed_in: Arc<SignedIn> = Arc::default();
    let sign_in = {
        let (web, signed_in) = (web.clone(), signed_in.clone());
        move |payload: Value| async move {
            let (outcome, caller) = match begin(&web, &payload).await {
                Ok((listening, place, actor)) => {
                    let listening = Arc::new(listening);
                    let caller = Caller { actor: Some(actor), locale };
                    (Ok((listening.clone(), place)), Some((caller, listening)))
                }
                Err(why) => (Err(why), None),
            };
            let _ = signed_in.set(outcome);
            let (caller, listening) = caller.ok_or("not signed in")?;
            let mut data = Data::default();
            data.insert(caller);
            data.insert(listening);
            Ok(data)
        }
    };
    let messages = messages
        .take_while(|message| std::future::ready(message.is_ok()))
        .filter_map(|message| std::future::ready(message.ok()))
        .filter(|message| {
            std::future::ready(matches!(message, Message::Text(_) | Message::Binary(_)))
        })
        .map(Message::into_data);
    let executor = Subscriptions { web, running: Arc::new(Semaphore::new(SUBSCRIPTIONS)) };
    let answers = Protocol::new(executor, messages, WebSocketProtocols::GraphQLWS)
        .on_connection_init(sign_in)
        .keepalive_timeout(SILENCE);
    let mut answers = std::pin::pin!(answers);
    let until = tokio::time::Instant::now() + SIGN_IN;
    loop {
        let answer = match tokio::time::timeout_at(until, answers.next()).await {
            Ok(Some(answer)) => answer,
            Ok(None) => return,
            Err(_) => return end(&mut sink, close::TOO_SLOW).await,
        };
        if let Some(Err(why)) = signed_in.get() {
            return end(&mut sink, *why).await;
        }
        if !pass_on(&mut sink, answer).await {
            return;
        }
        // Before, only a ping is answered.
        if let Some(Ok((listening, _))) = signed_in.get() {
            drop(waiting);
            return tell(&mut sink, answers, listening).await;
        }
    }
}

/// Passes answers on until the client goes or the session ends.
async fn tell(
    sink: &mut SplitSink<WebSocket, Message>,
    mut answers: impl futures::Stream<Item = WsMessage> + Unpin,
    listening: &Listening,
) {
    let mut ask = tokio::time::interval(ASK);
    ask.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = listening.over() => return end(sink, close::UNAUTHORIZED).await,
            _ = ask.tick() => {
                if let Err(error) = listening.actor().await {
                    tracing::error!(%error, "a session could not be read");
                }
            }
            answer = answers.next() => match answer {
                Some(answer) => if !pass_on(sink, answer).await { return },
                None => return,
            }
        }
    }
}

/// Signs a connection in by the `token` of its first message.
async fn begin(
    web: &Web,
    payload: &Value,
) -> Result<(Listening, Place<AccountId>, Actor), (u16, &'static str)> {
    let token = payload.get("token").and_then(Value::as_str).unwrap_or_default();
    let begun = Listening::begin(&web.auth, &web.platform, token).await;
    let (listening, actor) = begun
        .map_err(|error: Fault| {
            tracing::error!(%error, "a session could not be read");
            close::BUSY
        })?
        .ok_or(close::UNAUTHORIZED)?;
    let place = web.connections.of_accounts.take(listening.account(), OF_AN_ACCOUNT);
    Ok((listening, place.ok_or(close::TOO_MANY)?, actor))
}

async fn end(sink: &mut SplitSink<WebSocket, Message>, (code, reason): (u16, &'static str)) {
    let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
    let _ = tokio::time::timeout(SEND, sink.send(close)).await;
}

/// Whether the client is still there.
async fn pass_on(sink: &mut SplitSink<WebSocket, Message>, answer: WsMessage) -> bool {
    let message = match answer {
        WsMessage::Text(text) => Message::Text(text.into()),
        WsMessage::Close(code, reason) => {
            Message::Close(Some(CloseFrame { code, reason: reason.into() }))
        }
    };
    matches!(tokio::time::timeout(SEND, sink.send(message)).await, Ok(Ok(())))
}

/// Runs the subscriptions of one connection.
#[derive(Clone)]
struct Subscriptions {
    web: Web,
    running: Arc<Semaphore>,
}

fn refusal(error: RequestError) -> GraphqlResponse {
    let mut refused = ServerError::new(error.texts(), None);
    refused.extensions.get_or_insert_default().set("code", error.code());
    limits::with_codes(GraphqlResponse::from_errors(vec![refused]))
}

impl Executor for Subscriptions {
    async fn execute(&self, _: Request) -> GraphqlResponse {
        refusal(RequestError::SubscriptionsOnly)
    }

    fn execute_stream(
        &self,
        mut request: Request,
        session: Option<Arc<Data>>,
    ) -> BoxStream<'static, GraphqlResponse> {
        let caller = session.as_ref().and_then(|data| data.get(&TypeId::of::<Caller>()));
        let caller = caller.and_then(|caller| caller.downcast_ref::<Caller>());
        let admitted = caller
            .ok_or(RequestError::Unauthenticated)
            .and_then(|caller| admit(self.web.config.persisted_operations, caller, &mut request));
        if let Err(error) = admitted {
            return stream::iter([refusal(error)]).boxed();
        }
        let Ok(running) = self.running.clone().try_acquire_owned() else {
            return stream::iter([refusal(RequestError::TooManySubscriptions)]).boxed();
        };
        let answers = schema::execute_stream(&self.web.schema, request, session);
        answers
            .map(move |answer| {
                // Held as long as the subscription is.
                let _ = &running;
                answer
            })
            .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_account_has_so_many_connections_and_each_that_ends_makes_room() {
        let counts = Counts::default();
        let (one, other) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let mut held: Vec<Place<AccountId>> =
            (0..OF_AN_ACCOUNT).map(|_| counts.take(one, OF_AN_ACCOUNT).unwrap()).collect();
        assert!(counts.take(one, OF_AN_ACCOUNT).is_none());
        assert!(counts.take(other, OF_AN_ACCOUNT).is_some());
        held.pop();
        assert!(counts.take(one, OF_AN_ACCOUNT).is_some());
        drop(held);
        assert!(counts.0.lock().unwrap().is_empty());
    }
}

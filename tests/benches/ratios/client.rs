//! A client that costs little: HTTP/1.1 over connections that stay open.

use std::time::Instant;

use anyhow::{Context, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Connections that ask at once.
const CONNECTIONS: usize = 4;

/// Serves a router on a free port for the rest of the process; answers the port.
pub async fn serve(router: axum::Router) -> anyhow::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(port)
}

/// A GET of a path, as bytes.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}

/// A POST of JSON with a bearer token, as bytes.
pub fn post(path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Open connections to a port.
pub struct Client(Vec<TcpStream>);

impl Client {
    /// Connects.
    pub async fn connect(port: u16) -> anyhow::Result<Self> {
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            let connection = TcpStream::connect(("127.0.0.1", port)).await?;
            connection.set_nodelay(true)?;
            connections.push(connection);
        }
        Ok(Self(connections))
    }

    /// Sends these requests, each connection its share, and answers the bodies in order and how
    /// many were answered a second.
    pub async fn block(&mut self, requests: &[Vec<u8>]) -> anyhow::Result<(Vec<String>, f64)> {
        let share = requests.len().div_ceil(CONNECTIONS);
        let begun = Instant::now();
        let mut tasks = Vec::new();
        for requests in requests.chunks(share) {
            let mut connection = self.0.pop().context("a connection for each share")?;
            let requests = requests.to_vec();
            tasks.push(tokio::spawn(async move {
                let mut bodies = Vec::with_capacity(requests.len());
                for request in requests {
                    bodies.push(ask(&mut connection, &request).await?);
                }
                anyhow::Ok((connection, bodies))
            }));
        }
        let mut bodies = Vec::with_capacity(requests.len());
        for task in tasks {
            let (connection, some) = task.await??;
            self.0.push(connection);
            bodies.extend(some);
        }
        let took = begun.elapsed().as_secs_f64();
        ensure!(bodies.len() == requests.len(), "requests and answers differ in number");
        let rate = f64::from(u32::try_from(requests.len())?) / took;
        let bodies = bodies.into_iter().map(String::from_utf8).collect::<Result<_, _>>()?;
        Ok((bodies, rate))
    }
}

/// One request and the body of its answer, which must be 200.
async fn ask(connection: &mut TcpStream, request: &[u8]) -> anyhow::Result<Vec<u8>> {
    connection.write_all(request).await?;
    let mut answer = Vec::with_capacity(32 * 1024);
    let head = loop {
        ensure!(connection.read_buf(&mut answer).await? > 0, "the connection was closed");
        if let Some(at) = answer.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let headers = std::str::from_utf8(&answer[..head])?.to_ascii_lowercase();
    if !headers.starts_with("http/1.1 200") {
        bail!("{headers}{}", String::from_utf8_lossy(&answer[head..]));
    }
    let length = headers
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .context("an answer without its length")?;
    let whole = head + length.parse::<usize>()?;
    while answer.len() < whole {
        ensure!(connection.read_buf(&mut answer).await? > 0, "the connection was closed");
    }
    Ok(answer.split_off(head))
}

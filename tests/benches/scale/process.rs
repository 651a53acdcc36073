//! The server's program as a process of its own: commands and a serving server on one deployment,
//! with the most memory each has taken.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

/// Where a deployment keeps its data.
pub struct Deployment {
    /// The data folder.
    pub folder: PathBuf,
    /// The address of a PostgreSQL database; the file in the folder where none is given.
    pub database: Option<String>,
}

/// How long a process took and the most memory it had.
#[derive(Clone, Copy)]
pub struct Cost {
    /// Wall time.
    pub took: Duration,
    /// Peak of resident memory (`VmHWM`), bytes.
    pub peak: u64,
}

/// What a command answered.
pub struct Answer {
    /// Its exit status.
    pub status: i32,
    /// Its standard output.
    pub out: String,
    /// What it took.
    pub cost: Cost,
}

impl Deployment {
    /// The program, which must be given: what is measured is a release build.
    fn command(&self) -> anyhow::Result<Command> {
        let program = std::env::var_os("LZ_TEST_BINARY").context("LZ_TEST_BINARY is not set")?;
        let mut command = Command::new(program);
        for name in ["REDIS_URL", "SEAL_KEY_FILE", "CARD_FONT_FILE", "PUBLIC_URL", "PORT", "LISTEN"]
        {
            command.env_remove(name);
        }
        match &self.database {
            Some(url) => command.env("DATABASE_URL", url),
            None => command.env_remove("DATABASE_URL"),
        };
        command.env("DATA_DIR", &self.folder).env("NO_COLOR", "1").stdin(Stdio::null());
        Ok(command)
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> anyhow::Result<Answer> {
        let begun = Instant::now();
        // What it says goes into files: nobody has to read while memory is watched.
        let (out, err) = (self.folder.join("bench.out"), self.folder.join("bench.err"));
        std::fs::create_dir_all(&self.folder)?;
        let mut command = self.command()?;
        command.args(arguments);
        command.stdout(std::fs::File::create(&out)?).stderr(std::fs::File::create(&err)?);
        let mut child = Guarded(command.spawn()?);
        let mut peak = 0;
        let status = loop {
            peak = peak.max(peak_memory(child.0.id()).unwrap_or_default());
            if let Some(status) = child.0.try_wait()? {
                break status;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let cost = Cost { took: begun.elapsed(), peak };
        let status = status.code().unwrap_or(-1);
        if status != 0 {
            eprintln!("{arguments:?}: {status}\n{}", std::fs::read_to_string(&err)?);
        }
        Ok(Answer { status, out: std::fs::read_to_string(&out)?, cost })
    }

    /// Starts `serve` on a free port and waits until it answers.
    pub async fn serve(&self) -> anyhow::Result<Server> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let url = format!("http://127.0.0.1:{port}");
        let log = std::fs::File::create(self.folder.join("bench.log"))?;
        let mut command = self.command()?;
        command.arg("serve").env("PORT", port.to_string()).env("PUBLIC_URL", &url);
        command.stdout(Stdio::null()).stderr(log);
        let mut child = Guarded(command.spawn()?);
        for _ in 0..600 {
            if let Some(status) = child.0.try_wait()? {
                bail!("the server ended: {status}");
            }
            let ready = reqwest::get(format!("{url}/health/ready")).await;
            if ready.is_ok_and(|answer| answer.status() == 200) {
                return Ok(Server { url, child });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the server did not start")
    }
}

/// A process that ends with whoever started it.
struct Guarded(Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A serving server.
pub struct Server {
    /// Its address.
    pub url: String,
    child: Guarded,
}

impl Server {
    /// Asks it to stop; answers the most memory it had.
    pub fn stop(mut self) -> anyhow::Result<u64> {
        let pid = self.child.0.id();
        let peak = peak_memory(pid).context("the server's memory")?;
        let asked = Command::new("kill").args(["-s", "TERM", &pid.to_string()]).status()?;
        let ended = self.child.0.wait()?;
        ensure!(asked.success() && ended.success(), "the server ended with {ended}");
        Ok(peak)
    }
}

/// Peak of resident memory of a process in bytes; none once it has ended.
fn peak_memory(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status"));
    let status = status.ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes << 10)
}

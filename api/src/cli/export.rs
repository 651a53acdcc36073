//! `liangzheng export LIST --out FILE`: a list of the whole deployment as a file, as the desk exports
//! it, at the machine's own command line. Personal data stays masked; that it was taken is recorded.

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::ValueEnum;
use entities::enums::ExportFormat;

use super::import::{Language, said};
use crate::auth::AccountFilter;
use crate::certification::{ApplicationFilter, CertificateFilter, QualificationFilter};
use crate::config::Config;
use crate::exports::log::LogFilter;
use crate::exports::{self, Request, Wanted};
use crate::officers::OfficerFilter;
use crate::organisations::AgencyFilter;
use crate::platform::actor::Actor;
use crate::platform::texts::Locale;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which list.
    #[arg(value_enum)]
    list: List,
    /// Where it goes: .xlsx for a workbook, anything else for CSV.
    #[arg(long)]
    out: PathBuf,
    /// Language of the headings and values.
    #[arg(long, value_enum, default_value_t = Language::ZhCn)]
    lang: Language,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum List {
    Officers,
    Standings,
    Agencies,
    Qualifications,
    Applications,
    Certificates,
    Accounts,
    AuditLog,
}

impl List {
    /// All of it.
    fn wanted(self) -> Wanted {
        match self {
            Self::Officers => Wanted::Officers(OfficerFilter::default()),
            Self::Standings => Wanted::Standings(OfficerFilter::default()),
            Self::Agencies => {
                Wanted::Agencies(AgencyFilter { with_abolished: true, ..AgencyFilter::default() })
            }
            Self::Qualifications => Wanted::Qualifications(QualificationFilter::default()),
            Self::Applications => Wanted::Applications(ApplicationFilter::default()),
            Self::Certificates => Wanted::Certificates(CertificateFilter::default()),
            Self::Accounts => Wanted::Accounts(AccountFilter::default()),
            Self::AuditLog => Wanted::AuditLog(LogFilter::default()),
        }
    }
}

pub(super) async fn run(config: &Config, args: Args) -> anyhow::Result<ExitCode> {
    let platform = super::open_ready(config).await?;
    let locale = Locale::from(args.lang);
    let workbook = args.out.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx"));
    let format = if workbook { ExportFormat::Xlsx } else { ExportFormat::Csv };
    let place = || format!("{}", args.out.display());
    // Made before anything is recorded: where it cannot be written, nothing was taken.
    let mut out = File::create(&args.out).with_context(place)?;
    let request = Request { wanted: args.list.wanted(), format, purpose: None };
    let exported = exports::export(&platform, &Actor::System, &config.data_dir, &request, locale);
    let mut exported = exported.await.map_err(|failure| said(failure, locale))?;
    std::io::copy(&mut exported.file, &mut out).with_context(place)?;
    super::out(&format!("{} rows: {}", exported.rows, args.out.display()));
    Ok(ExitCode::SUCCESS)
}

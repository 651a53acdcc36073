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
use crate::exports::{self, Request, SessionsOf, SittingsOf, Wanted, YearOf};
use crate::officers::OfficerFilter;
use crate::officers::existing::ExistingFilter;
use crate::organisations::AgencyFilter;
use crate::platform::actor::Actor;
use crate::platform::texts::Locale;
use crate::reorganisation::ChangeFilter;

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

/// All but what is of one session or sitting: those who were there, and who sat.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum List {
    Officers,
    Standings,
    ExistingCertificates,
    Agencies,
    AgencyChanges,
    Qualifications,
    Applications,
    Certificates,
    TrainingSessions,
    ExamSittings,
    /// Of this year.
    OfficerTrainingYears,
    /// Of this year.
    AgencyTrainingYears,
    Accounts,
    AuditLog,
}

impl List {
    /// All of it.
    fn wanted(self) -> Wanted {
        match self {
            Self::Officers => Wanted::Officers(OfficerFilter::default()),
            Self::Standings => Wanted::Standings(OfficerFilter::default()),
            Self::ExistingCertificates => Wanted::ExistingCertificates(ExistingFilter::default()),
            Self::Agencies => {
                Wanted::Agencies(AgencyFilter { with_abolished: true, ..AgencyFilter::default() })
            }
            Self::AgencyChanges => Wanted::AgencyChanges(ChangeFilter::default()),
            Self::Qualifications => Wanted::Qualifications(QualificationFilter::default()),
            Self::Applications => Wanted::Applications(ApplicationFilter::default()),
            Self::Certificates => Wanted::Certificates(CertificateFilter::default()),
            Self::TrainingSessions => Wanted::TrainingSessions(SessionsOf::default()),
            Self::ExamSittings => Wanted::ExamSittings(SittingsOf::default()),
            Self::OfficerTrainingYears => Wanted::OfficerTrainingYears(YearOf::default()),
            Self::AgencyTrainingYears => Wanted::AgencyTrainingYears(None),
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
    // Written beside it and renamed once it is whole: what stands there is never half a file.
    let mut part = args.out.clone().into_os_string();
    part.push(".part");
    let part = PathBuf::from(part);
    let place = || format!("{}", part.display());
    // Made before anything is recorded: where it cannot be written, nothing was taken.
    let mut out = File::create(&part).with_context(place)?;
    let request = Request { wanted: args.list.wanted(), format, purpose: None };
    let exported = exports::export(&platform, &Actor::System, &config.data_dir, &request, locale);
    let written = match exported.await {
        Ok(mut exported) => std::io::copy(&mut exported.file, &mut out)
            .and_then(|_| out.sync_all())
            .and_then(|()| std::fs::rename(&part, &args.out))
            .with_context(place)
            .map(|()| exported.rows),
        Err(failure) => Err(said(failure, locale)),
    };
    if written.is_err() {
        // Nobody reads half a file; where it cannot be removed, the failure is told all the same.
        let _ = std::fs::remove_file(&part);
    }
    super::out(&format!("{} rows: {}", written?, args.out.display()));
    Ok(ExitCode::SUCCESS)
}

//! Complaints of citizens.

use async_graphql::Enum;

bridged! {
    /// What a complaint is about.
    ComplaintCategory = "entities::enums::ComplaintCategory" {
        /// 未主动亮证: no certificate was shown unasked.
        NotShown,
        /// 少于两人执法: fewer than two officers.
        SingleOfficer,
        /// 态度粗暴、言行不文明: rudeness.
        Conduct,
        /// 违规收费、索要财物: money or goods were asked for.
        FeesAsked,
        /// 超越职权: beyond the powers or the area.
        BeyondPowers,
        /// 程序违法: another breach of procedure.
        Procedure,
        /// 其他: something else.
        Other,
    }

    /// How far a complaint is.
    ComplaintState = "entities::enums::ComplaintState" {
        /// Waits for whether it is taken up (是否受理).
        Received,
        /// Taken up (受理); being looked into.
        Accepted,
        /// An outcome is proposed; another person decides.
        Proposed,
        /// Not taken up (不予受理), with reasons and where to turn.
        NotAccepted,
        /// Decided: it is right (属实).
        Upheld,
        /// Decided: it is not (不属实).
        NotUpheld,
    }
}

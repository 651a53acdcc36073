//! Training and exams.

use async_graphql::Enum;

bridged! {
    /// What a training session is about.
    TrainingKind = "entities::enums::TrainingKind" {
        /// 公共法律知识
        PublicLaw,
        /// 专业法律知识
        ProfessionalLaw,
        /// 执法实务
        Practice,
        /// 职业素养、廉政教育
        Integrity,
    }

    /// How a training session is held.
    TrainingMode = "entities::enums::TrainingMode" {
        /// 面授
        OnSite,
        /// 网络培训
        Online,
    }

    /// State of a training session.
    TrainingState = "entities::enums::TrainingState" {
        /// 计划中: may be changed or cancelled.
        Planned,
        /// 已举办: attendance is entered and corrected.
        Held,
        /// 已办结: nothing is changed any more.
        Closed,
        /// 已取消
        Cancelled,
    }

    /// State of a sitting of an exam.
    SittingState = "entities::enums::SittingState" {
        /// Candidates are registered, and outcomes entered from the day of the exam on.
        Planned,
        /// The results were confirmed and count; they are only corrected, with reasons.
        Confirmed,
        /// 已取消
        Cancelled,
    }

    /// What came of an exam for a candidate.
    ExamOutcome = "entities::enums::ExamOutcome" {
        /// A score.
        Scored,
        /// 缺考: does not count as an attempt.
        Absent,
        /// 作弊、违纪: counts as an attempt without points.
        Disqualified,
    }

    /// What a workbook of the training desk holds.
    TrainingUploadKind = "entities::enums::TrainingUploadKind" {
        /// 参训名单: who attended a session, for how long.
        Attendance,
        /// 报名名单: candidates of a sitting.
        Candidates,
        /// 成绩单: results of a sitting.
        Results,
    }
}

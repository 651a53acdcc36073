//! The tables of Liangzheng as `SeaORM` models: one file a table, typed ids, checked enumerations.
//!
//! This crate knows columns and nothing else: no rule, no GraphQL, no HTTP. What a value may be
//! is also checked in the database (see the `migration` crate).

pub mod enums;
pub mod ids;

pub mod account;
pub mod agency;
pub mod agency_change;
pub mod agency_change_party;
pub mod agency_closure;
pub mod application;
pub mod application_step;
pub mod audit_checkpoint;
pub mod audit_entry;
pub mod audit_stream;
pub mod blob;
pub mod certificate;
pub mod certificate_event;
pub mod delegation;
pub mod desk_handover;
pub mod device;
pub mod device_certificate;
pub mod division;
pub mod enforcement_field;
pub mod exam_candidate;
pub mod exam_correction;
pub mod exam_result;
pub mod exam_sitting;
pub mod exchange_due;
pub mod existing_certificate;
pub mod export;
pub mod former_agency;
pub mod genuine_list;
pub mod grant;
pub mod import_batch;
pub mod import_row;
pub mod invitation;
pub mod job;
pub mod number_sequence;
pub mod person;
pub mod phone_credential;
pub mod photo_batch;
pub mod photo_row;
pub mod policy;
pub mod printed_code;
pub mod public_card;
pub mod qualification;
pub mod recovery_code;
pub mod refresh_token;
pub mod second_factor;
pub mod session;
pub mod setting;
pub mod signed_key_set;
pub mod signing_key;
pub mod standing;
pub mod status_change;
pub mod status_entry;
pub mod status_list;
pub mod status_token;
pub mod training_record;
pub mod training_session;
pub mod training_upload;
pub mod training_upload_row;
pub mod trust_bundle;

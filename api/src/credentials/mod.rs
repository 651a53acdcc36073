//! Credentials: what is signed and printed for a certificate, the code that is drawn of it, and
//! the place in a status list that says whether it still holds.

pub mod permutation;
pub mod qr;

//! The contract from outside: what is issued verifies, whatever else is refused with its own
//! verdict, and other people's CBOR and COSE agree.

#[cfg(test)]
mod bundles;
#[cfg(test)]
mod challenging;
#[cfg(test)]
mod deployment;
#[cfg(test)]
mod enrolling;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod issuing;
#[cfg(test)]
mod judging;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod mutation;
#[cfg(test)]
mod offline;
#[cfg(test)]
mod photo_packs;
#[cfg(test)]
mod play;
#[cfg(test)]
mod presenting;
#[cfg(test)]
mod records;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod status_lists;
#[cfg(test)]
mod strictness;
#[cfg(test)]
mod vectors;

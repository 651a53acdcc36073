//! Faces to compare where there is no network.

use mobile_contract::photo_pack::{self, PackError, PackKey};

use crate::{OfflineVerifier, PackRefusal};

/// What a pack says of itself. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PhotoPackHead {
    /// The deployment: its public address.
    pub issuer: String,
    /// Number of the agency whose officers it holds, as codes and the bundle name it.
    pub agency: u32,
    /// Which part of them, from 1 on.
    pub part: u32,
    /// What it holds, as a digest of 16 bytes: the key is that of this version.
    pub version: Vec<u8>,
    /// When it was made.
    pub issued_at: i64,
    /// From when on it is not opened.
    pub expires: i64,
}

impl From<&photo_pack::Head> for PhotoPackHead {
    fn from(head: &photo_pack::Head) -> Self {
        Self {
            issuer: head.issuer.clone(),
            agency: head.agency,
            part: head.part,
            version: head.version.to_vec(),
            issued_at: head.issued_at,
            expires: head.expires,
        }
    }
}

/// The place of a code in a status list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct PhotoPlace {
    /// The list's number.
    pub list: u32,
    /// The index in it.
    pub index: u32,
}

/// An officer in a pack.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PhotoEntry {
    /// The first 16 bytes of SHA-256 of the certificate's number.
    pub hash: Vec<u8>,
    /// The places of its codes, printed and in a phone.
    pub places: Vec<PhotoPlace>,
    /// Codes of the fields of enforcement.
    pub fields: Vec<String>,
    /// Code of the area (GB/T 2260).
    pub area: String,
    /// The picture, JPEG.
    pub picture: Vec<u8>,
}

impl From<&photo_pack::Entry> for PhotoEntry {
    fn from(entry: &photo_pack::Entry) -> Self {
        let place = |(list, index): &(u32, u32)| PhotoPlace { list: *list, index: *index };
        Self {
            hash: entry.hash.to_vec(),
            places: entry.places.iter().map(place).collect(),
            fields: entry.fields.clone(),
            area: entry.area.clone(),
            picture: entry.picture.clone(),
        }
    }
}

/// What a pack says of itself, without a key and **unverified**: which key to ask for.
#[uniffi::export]
pub fn peek_photo_pack(pack: Vec<u8>) -> Result<PhotoPackHead, PackRefusal> {
    photo_pack::PhotoPack::peek(&pack).map(|head| (&head).into()).map_err(refused)
}

/// A pack that was checked and opened. It never says whether a certificate holds.
#[derive(Debug, uniffi::Object)]
pub struct PhotoPack(photo_pack::PhotoPack);

#[uniffi::export]
impl PhotoPack {
    /// Checks a pack at `now` (Unix seconds) with the bundle that the verifier holds, and opens it
    /// with its key of 32 bytes. `KEY_WRONG`: ask for the key anew, and where its version is another
    /// than the pack's, for the pack.
    #[uniffi::constructor]
    pub fn open(
        pack: Vec<u8>,
        key: Vec<u8>,
        verifier: &OfflineVerifier,
        now: i64,
    ) -> Result<Self, PackRefusal> {
        let key: PackKey = key.try_into().map_err(|_| refused(PackError::KeyWrong))?;
        let opened = photo_pack::PhotoPack::open(&pack, &key, verifier.inner().bundle(), now);
        opened.map(Self).map_err(refused)
    }

    /// What it says of itself.
    pub fn head(&self) -> PhotoPackHead {
        self.0.head().into()
    }

    /// Everybody in it, by rising hash: 500 at most, some 2 MB with their pictures.
    pub fn entries(&self) -> Vec<PhotoEntry> {
        self.0.entries().iter().map(Into::into).collect()
    }

    /// The officer of a code, by its place: `status_list` and `status_index` of what it claims.
    pub fn of_place(&self, list: u32, index: u32) -> Option<PhotoEntry> {
        self.0.of_place(list, index).map(Into::into)
    }

    /// The officer of a certificate's number.
    pub fn of_number(&self, number: String) -> Option<PhotoEntry> {
        self.0.of_number(&number).map(Into::into)
    }
}

fn refused(refusal: PackError) -> PackRefusal {
    PackRefusal::of(refusal.code())
}

//! Checksums of what is stored: a byte that changed at rest is damage, and not another number.
//!
//! A row carries four bytes at its end, and the top bit of its first byte says so: rows of older releases have
//! neither and are read as they are. The checksum covers the row's key, as a row in another one's place is damage,
//! too. A document in KV carries it as its last field. Out of scope: who means harm; nothing here is secret.

use crate::journal::FormatError;
use crate::visitor::Secret;

/// Set in the first byte of a row that has a checksum.
pub(crate) const FLAG: u8 = 0x80;
/// Bytes of the checksum.
const LENGTH: usize = 4;
/// Begins the last field of a document, before the checksum in hexadecimal.
const FIELD: &str = ",\"checksum\":\"";

fn checksum(key: i64, bytes: &[u8]) -> [u8; LENGTH] {
    let hash = Secret::default().hash(7, &[&key.to_le_bytes(), bytes]);
    ((hash & u128::from(u32::MAX)) as u32).to_le_bytes()
}

/// The format a row is of, flag aside.
pub(crate) fn format_of(row: &[u8]) -> Option<u8> {
    row.first().map(|first| first & !FLAG)
}

/// What a row of a format that is not known is: whole, and of a newer release, or damaged. Releases that knew no
/// checksum had no other formats than those that are read.
pub(crate) fn unknown_format(row: &[u8]) -> FormatError {
    let is_checked = row.first().is_some_and(|first| first & FLAG != 0);
    if is_checked { FormatError::UnknownVersion } else { FormatError::Damaged }
}

/// Adds the checksum to a row's bytes.
pub(crate) fn add(key: i64, mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(first) = bytes.first_mut() {
        *first |= FLAG;
    }
    let sum = checksum(key, &bytes);
    bytes.extend(sum);
    bytes
}

/// Checks and cuts off the checksum of a row, if it has one.
///
/// # Errors
/// [`FormatError::Damaged`] where the checksum is another.
pub(crate) fn check(key: i64, row: &[u8]) -> Result<&[u8], FormatError> {
    if row.first().is_none_or(|first| first & FLAG == 0) {
        return Ok(row);
    }
    let (bytes, sum) = row.split_last_chunk::<LENGTH>().ok_or(FormatError::Damaged)?;
    if *sum == checksum(key, bytes) { Ok(bytes) } else { Err(FormatError::Damaged) }
}

/// Adds the checksum to a JSON object.
pub(crate) fn add_to_document(json: &str) -> String {
    let sum = u32::from_le_bytes(checksum(0, json.as_bytes()));
    let fields = json.strip_suffix('}').unwrap_or(json);
    format!("{fields}{FIELD}{sum:08x}\"}}")
}

/// Checks the checksum of a document, if it has one.
///
/// # Errors
/// [`FormatError::Damaged`] where the checksum is another.
pub(crate) fn check_document(document: &str) -> Result<(), FormatError> {
    let Some((fields, _)) = document.rsplit_once(FIELD) else { return Ok(()) };
    if add_to_document(&format!("{fields}}}")) == document { Ok(()) } else { Err(FormatError::Damaged) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows stand in storage with exactly these checksums.
    #[test]
    fn the_checksum_is_this_one() {
        assert_eq!(add(5, vec![3, 7]), [0x83, 7, 255, 242, 71, 130]);
        assert_eq!(add_to_document(r#"{"a":1}"#), r#"{"a":1,"checksum":"ea43ebe0"}"#);
    }

    #[test]
    fn every_changed_bit_a_missing_byte_and_another_key_are_damage() {
        let row = add(5, vec![3, 7, 8]);
        assert_eq!(check(5, &row), Ok(&[0x83, 7, 8][..]));
        assert_eq!(check(6, &row), Err(FormatError::Damaged));
        assert_eq!(check(5, &row[..row.len() - 1]), Err(FormatError::Damaged));
        for bit in 0..row.len() * 8 {
            let mut changed = row.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            // Without the flag it is a row of an older release with four bytes too many, see `unpack`.
            let is_flag = bit == 7;
            assert_eq!(check(5, &changed).is_ok(), is_flag, "bit {bit}");
        }
    }

    #[test]
    fn a_row_of_an_older_release_is_read_as_it_is() {
        assert_eq!(check(5, &[3, 7]), Ok(&[3, 7][..]));
        assert_eq!(check(5, &[]), Ok(&[][..]));
    }

    #[test]
    fn a_changed_digit_of_a_document_is_damage() {
        let document = add_to_document(r#"{"views":120}"#);
        assert_eq!(check_document(&document), Ok(()));
        assert_eq!(check_document(r#"{"views":120}"#), Ok(()), "of an older release");
        assert_eq!(check_document(&document.replace("120", "130")), Err(FormatError::Damaged));
        assert_eq!(check_document(&document.replace("\"}", "0\"}")), Err(FormatError::Damaged));
    }
}

//! Stored rows, byte by byte, and those of older formats.

use super::*;
use crate::query_rule::QueryRule;
use crate::site::Settings;

fn totals() -> Totals {
    Totals { seq: 1, generation: 2, clock_ms: 3, views: 300, visitors: 5, ..Totals::default() }
}

/// Sites have a totals row in exactly these bytes: see the journal's test of the same name.
#[test]
fn totals_are_stored_in_these_bytes() {
    let mut expected = vec![0x85, 1, 2, 0, 3, 0, 0, 0, 0, 172, 2, 5, 0, 0, 0];
    expected.extend([0; 16]);
    expected.extend([0; 4]);
    expected.extend([1, 0, 0, 0, 0, 0]);
    expected.extend([7, 1, 172, 2]);
    let settings = Settings { time_zone: None, query: QueryRule::Drop };
    let key = Secret([9; 16]);
    expected.extend(key.0);
    let totals = Totals { row_set: 7, imports: vec![300], settings, bucket_key: key, ..totals() };
    assert_eq!(totals_row(&totals).unwrap(), Row::new(TOTALS_KEY, expected.clone()));
    assert_eq!(read_totals(&expected), Ok(totals));
}

/// A site with moves has its totals in another format: an older release must not count at old addresses.
#[test]
fn totals_with_moves_are_stored_in_these_bytes() {
    let bare = totals_row(&totals()).unwrap().checked().unwrap().to_vec();
    let moves = Moves::of([("/a".into(), "/c".into()), ("/b".into(), "/c".into())]);
    let totals = Totals { moves, ..totals() };
    let moved = [2, 2, b'/', b'a', 2, b'/', b'c', 2, b'/', b'b', 2, b'/', b'c'];
    let expected = [&[0x86][..], &bare[1..], &moved, &[0, 0, 0]].concat();
    assert_eq!(totals_row(&totals).unwrap(), Row::new(TOTALS_KEY, expected.clone()));
    assert_eq!(read_totals(&expected), Ok(totals));
    let merged = Totals { page_set: PageSet::whole(true), ..self::totals() };
    let expected = [&[0x86][..], &bare[1..], &[0, 1, 0, 0]].concat();
    assert_eq!(totals_row(&merged).unwrap(), Row::new(TOTALS_KEY, expected.clone()));
    assert_eq!(read_totals(&expected), Ok(merged));
}

#[test]
fn totals_of_a_reset_or_a_day_to_come_are_damage() {
    let read = |change: fn(&mut Totals)| {
        let mut totals = totals();
        change(&mut totals);
        read_totals(totals_row(&totals).unwrap().checked().unwrap()).map(|totals| totals.views)
    };
    assert_eq!(read(|totals| (totals.reset_seq, totals.day_start_seq) = (1, 1)), Ok(300));
    assert_eq!(read(|totals| totals.reset_seq = 2), Err(FormatError::Damaged));
    assert_eq!(read(|totals| totals.day_start_seq = 2), Err(FormatError::Damaged));
}

#[test]
fn totals_of_format_4_are_read() {
    let settings = Settings { time_zone: None, query: QueryRule::Drop };
    let totals = Totals { row_set: 7, settings, ..totals() };
    let mut stored = totals_row(&totals).unwrap().checked().unwrap().to_vec();
    stored[0] = 4;
    stored.truncate(stored.len() - 16);
    assert_eq!(read_totals(&stored), Ok(totals));
}

#[test]
fn totals_of_format_3_are_read() {
    let mut stored = vec![3, 1, 2, 0, 3, 0, 0, 0, 0, 172, 2, 5, 0, 0, 0];
    stored.extend([0; 16]);
    stored.extend([0; 8]);
    stored.extend([7, 1, 172, 2]);
    assert_eq!(read_totals(&stored), Ok(Totals { row_set: 7, imports: vec![300], ..totals() }));
}

#[test]
fn totals_of_format_2_are_read() {
    let mut stored = vec![2, 1, 2, 0, 3, 0, 0, 0, 0, 172, 2, 5, 0, 0, 0];
    stored.extend([0; 16]);
    stored.extend([0; 8]);
    assert_eq!(read_totals(&stored), Ok(totals()));
}

#[test]
fn a_row_of_pages_says_when_it_was_written_and_of_which_set() {
    let totals = Totals { seq: 300, row_set: 1, ..totals() };
    let row = set_row(&totals, FIRST_BUCKET_KEY, 5, &[9_u64]).unwrap();
    assert_eq!(row, Row::new(10_000_006, vec![3, 172, 2, 1, 1, 9]));
}

#[test]
fn rows_of_another_set_say_nothing() {
    let mut site = Site::default();
    let rows =
        [pack(2, &(7_u64, vec![6_u64])).unwrap(), pack(SET_FORMAT, &(7_u64, 0_u64, vec![6_u64])).unwrap()];
    assert!(rows.iter().all(|row| site.read_items(row) == Ok(vec![6_u64])));
    site.totals.row_set = 2;
    assert!(rows.iter().all(|row| site.read_items::<u64>(row) == Ok(vec![])));
}

#[test]
fn a_site_is_read_from_the_place_of_its_set() {
    let row = |row_set| totals_row(&Totals { row_set, ..totals() }).unwrap();
    assert_eq!(key_ranges(&row(2)), Ok(vec![(-1, 9_999_999)]));
    assert_eq!(key_ranges(&row(3)), Ok(vec![(-1, 0), (100, 999_999), (10_000_000, 19_999_999)]));
}

#[test]
fn totals_of_format_1_are_read() {
    let mut stored = vec![1, 1, 2, 3, 0, 0, 0, 172, 2, 5, 0, 0, 0];
    stored.extend([0; 16]);
    stored.extend([0, 0, 0]);
    assert_eq!(read_totals(&stored), Ok(totals()));
}

#[test]
fn the_salt_row_has_one_length_and_its_format_1_is_read() {
    let mut site = Site::new(1, Day { date: Date(1), ends_at_ms: 2 }, Secret([7; 16]), Secret::default());
    let first = site.salt_row();
    site.begin_day(Day { date: Date(20_991_231), ends_at_ms: u64::MAX }, Secret([8; 16]));
    assert_eq!(site.salt_row().body.len(), first.body.len());
    assert_eq!(
        read_salt(first.checked().unwrap()),
        Ok((Secret([7; 16]), Some(Day { date: Date(1), ends_at_ms: 2 })))
    );
    let bare = Row { key: SALT_KEY, body: vec![0x87; 16] };
    assert_eq!(read_salt(bare.checked().unwrap()), Ok((Secret([0x87; 16]), None)));
    assert_eq!(read_salt(&[9; 29]), Err(FormatError::Damaged));
    assert_eq!(read_salt(&[0x89; 29]), Err(FormatError::UnknownVersion));
}

#[test]
fn a_site_is_known_by_name_and_a_changed_letter_is_damage() {
    let row = name_row("example.cn");
    assert_eq!(read_name(&row), Ok("example.cn".into()));
    let mut changed = row;
    changed.body[3] ^= 1;
    assert_eq!(read_name(&changed), Err(FormatError::Damaged));
    let bare = Row { key: NAME_KEY, body: b"example.cn".to_vec() };
    assert_eq!(read_name(&bare), Ok("example.cn".into()));
}

#[test]
fn rows_from_before_a_reset_say_nothing() {
    let mut site = Site::default();
    let old = pack(1, &vec![5_u64]).unwrap();
    let new = pack(SET_FORMAT, &(7_u64, 0_u64, vec![6_u64])).unwrap();
    assert_eq!((site.read_items(&old), site.read_items(&new)), (Ok(vec![5_u64]), Ok(vec![6_u64])));
    site.totals.reset_seq = 8;
    assert_eq!((site.read_items::<u64>(&old), site.read_items::<u64>(&new)), (Ok(vec![]), Ok(vec![])));
}

#[test]
fn segments_of_format_1_count_if_they_are_of_the_day() {
    let mut site = Site::default();
    let mut all: Vec<u64> = Vec::new();
    let stored = pack(1, &(Date(0), vec![5_u64])).unwrap();
    site.read_segment(&stored, &mut all, |unsaved| &mut unsaved.pairs).unwrap();
    let of_another_day = pack(1, &(Date(9), vec![6_u64])).unwrap();
    site.read_segment(&of_another_day, &mut all, |unsaved| &mut unsaved.pairs).unwrap();
    assert_eq!(all, [5]);
}

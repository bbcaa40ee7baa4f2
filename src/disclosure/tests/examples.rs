use super::*;

fn table(kind: Kind, counts: &[&[usize]], bases: &[usize]) -> Table {
    let counts = counts.iter().map(|row| row.to_vec()).collect();
    Table::new(kind, counts, bases.to_vec()).expect("a table")
}

/// `x` primary, `o` complementary, `.` shown; the national column last.
fn drawn(mask: &Mask, rows: usize) -> Vec<String> {
    let drawn = |row: usize| {
        let marks = mask.cells().filter(|cell| cell.row == row).map(|cell| mask.mark(cell));
        let letter = |mark| match mark {
            Mark::Shown => '.',
            Mark::Primary => 'x',
            Mark::Complementary => 'o',
        };
        marks.map(letter).collect()
    };
    (0..rows).map(drawn).collect()
}

#[test]
fn a_small_region_takes_the_next_smallest_with_it() {
    let table = table(Kind::Multiple, &[&[2, 20, 5, 9], &[1, 30, 4, 3]], &[3, 40, 6, 12]);
    let mask = protect(&table, &Rules::default());
    assert_eq!(drawn(&mask, 2), ["x.o..", "x.o.."]);
}

#[test]
fn a_partner_without_anybody_would_not_do() {
    let table = table(Kind::Multiple, &[&[0, 20, 0, 9]], &[3, 40, 6, 12]);
    assert_eq!(drawn(&protect(&table, &Rules::default()), 1), ["x..o."]);
}

#[test]
fn an_option_that_nobody_chose_gives_way_only_nationally() {
    let table = table(Kind::Multiple, &[&[0, 0, 0, 0]], &[3, 40, 6, 12]);
    assert_eq!(drawn(&protect(&table, &Rules::default()), 1), ["x...o"]);
}

#[test]
fn the_options_of_an_exclusive_question_cover_one_another() {
    let counts: &[&[usize]] = &[&[1, 20, 4, 9], &[2, 20, 2, 3]];
    let table = table(Kind::Exclusive, counts, &[3, 40, 6, 12]);
    assert_eq!(drawn(&protect(&table, &Rules::default()), 2), ["x.o..", "x.o.."]);
}

#[test]
fn nothing_more_is_hidden_where_the_national_percentage_is_vague() {
    let percent = Published::Percentages { decimals: 0 };
    let table = table(Kind::Multiple, &[&[2, 400, 500]], &[3, 900, 1000]);
    assert_eq!(drawn(&protect(&table, &Rules::default()), 1), ["xo.."]);
    let vague = table.published(Published::Counts, percent);
    assert_eq!(drawn(&protect(&vague, &Rules::default()), 1), ["x..."]);
}

#[test]
fn small_counts_are_hidden_and_so_are_small_remainders() {
    let rules = Rules { base_minimale: 0, effectif_minimal: 3, protection: 0 };
    let table = table(Kind::Multiple, &[&[1, 38, 0, 6, 5]], &[9, 40, 6, 6, 9]);
    assert_eq!(drawn(&protect(&table, &rules), 1), ["xx...."]);
}

#[test]
fn an_empty_base_is_nothing_to_hide() {
    let table = table(Kind::Multiple, &[&[0, 20, 9]], &[0, 40, 12]);
    assert_eq!(protect(&table, &Rules::default()).hidden().count(), 0);
}

#[test]
fn every_fault_of_a_table_is_told() {
    let faults = Table::new(Kind::Exclusive, vec![vec![3, 1], vec![2]], vec![2, 9]);
    let ragged = Malformed::Ragged { row: 1, counts: 1, bases: 2 };
    let above = Malformed::AboveBase { row: 0, region: 0, count: 3, base: 2 };
    let sum = Malformed::SumAboveBase { region: 0, sum: 5, base: 2 };
    assert_eq!(faults, Err(vec![above, ragged, sum]));
}

#[test]
fn a_wide_table_is_protected() {
    let bases: Vec<usize> = vec![2, 48, 12, 3, 9, 22, 17, 31, 14, 8, 26, 11, 19, 7, 13, 28, 33];
    for (kind, rows) in [(Kind::Multiple, 40), (Kind::AtLeastOne, 20), (Kind::Exclusive, 20)] {
        let counts = (0..rows).map(|row| bases.iter().map(|b| spread(kind, row, *b)).collect());
        let table = Table::new(kind, counts.collect(), bases.clone()).expect("a table");
        let mask = protect(&table, &Rules::default());
        assert_eq!(exposed(&table, &mask, 2), []);
        let national = (0..rows).filter(|row| mask.national(*row).is_hidden()).count();
        assert_eq!(national, 0, "{kind:?}");
        let hidden = mask.hidden().count();
        assert!(
            (2 * rows..=4 * rows).contains(&hidden),
            "{kind:?}: {hidden} hidden of {rows} rows"
        );
    }
}

fn spread(kind: Kind, row: usize, base: usize) -> usize {
    match kind {
        Kind::Exclusive => (0..base).filter(|who| (who * who + 3 * base + who) % 20 == row).count(),
        _ => (row * 7 + base * 3) % (base + 1),
    }
}

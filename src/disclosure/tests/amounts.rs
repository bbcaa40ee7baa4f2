use super::*;

fn hidden(mask: &MeansMask) -> Vec<usize> {
    (0..mask.regions.len()).filter(|region| mask.regions[*region].is_hidden()).collect()
}

#[test]
fn one_hidden_mean_takes_the_smallest_other_with_it() {
    let mask = hide_means(&[9, 3, 6, 40], Some(58), &Rules::default());
    assert_eq!(hidden(&mask), [1, 2]);
    assert_eq!(mask.regions[1], Mark::Primary);
    assert_eq!(mask.regions[2], Mark::Complementary);
    assert_eq!(mask.national, Mark::Shown);
}

#[test]
fn two_hidden_means_cover_each_other_once_they_are_enough_together() {
    assert_eq!(hidden(&hide_means(&[9, 3, 2, 40], Some(54), &Rules::default())), [1, 2]);
    assert_eq!(hidden(&hide_means(&[9, 1, 2, 40], Some(52), &Rules::default())), [0, 1, 2]);
}

#[test]
fn nothing_is_deduced_without_a_national_mean() {
    assert_eq!(hidden(&hide_means(&[9, 3, 6, 40], None, &Rules::default())), [1]);
    let small = hide_means(&[1, 0, 3], Some(4), &Rules::default());
    assert_eq!((hidden(&small), small.national), (vec![0, 2], Mark::Primary));
}

#[test]
fn no_threshold_hides_nothing() {
    let mask = hide_means(&[1, 1, 0], Some(2), &Rules::OFF);
    assert_eq!((hidden(&mask), mask.national), (vec![], Mark::Shown));
    let amounts = [vec![5.0], vec![1.0, 2.0]];
    let mask = hide_amounts(&amounts, &[], &[], &Rules::OFF, &Dominance::OFF);
    assert_eq!((hidden(&mask), mask.national), (vec![], Mark::Shown));
}

#[test]
fn an_amount_of_one_contributor_is_dominant() {
    assert!(dominant(&[85.0, 10.0, 5.0], 85.0, 3));
    assert!(!dominant(&[84.0, 10.0, 6.0], 85.0, 3));
    assert!(dominant(&[50.0, 50.0, 0.0], 85.0, 3));
    assert!(!dominant(&[], 85.0, 3));
    assert!(!dominant(&[100.0], 0.0, 3));
}

#[test]
fn a_dominated_region_is_covered_by_one_that_dilutes_it() {
    let even = |n: usize| vec![10.0; n];
    let amounts = [even(9), vec![500.0, 1.0, 1.0, 1.0, 1.0], even(7), even(40)];
    let mask = hide_amounts(&amounts, &[], &[], &Rules::default(), &Dominance::default());
    assert_eq!(hidden(&mask), [0, 1]);
}

#[test]
fn the_nation_gives_way_where_no_region_dilutes() {
    let amounts = [vec![1e6, 1.0, 1.0, 1.0, 1.0], vec![1.0; 9]];
    let mask = hide_amounts(&amounts, &[], &[], &Rules::default(), &Dominance::default());
    assert_eq!((hidden(&mask), mask.national), (vec![0], Mark::Primary));
}

#[test]
fn those_in_no_region_are_what_is_left_of_the_national_amount() {
    let even = |n: usize| vec![10.0; n];
    let amounts = [even(9), even(12), even(20)];
    let mask = |apart: usize| {
        hidden(&hide_amounts(&amounts, &even(apart), &[], &Rules::default(), &Dominance::default()))
    };
    assert_eq!(mask(0), Vec::<usize>::new());
    assert_eq!(mask(6), Vec::<usize>::new());
    assert_eq!(mask(2), [0]);
}

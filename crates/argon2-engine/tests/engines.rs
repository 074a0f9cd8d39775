//! Every kernel that this processor has gives the reference's answers.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use argon2_engine::{Algorithm, Choice, Costs, EngineError, Input, Memory, Version, kernels, select};
use proptest::prelude::*;
use rstest::rstest;

fn costs() -> impl Strategy<Value = Costs> {
    // Segments of one address block and of several; memory that the lanes do not divide.
    let memory = prop_oneof![8 => 8_u32..=600, 1 => 600_u32..=4_000];
    (memory, 1_u32..=4, 1_u32..=6).prop_map(|(memory_kib, iterations, parallelism)| Costs {
        memory_kib: memory_kib.max(8 * parallelism),
        iterations,
        parallelism,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_kernel_agrees_with_the_reference(
        algorithm in prop::sample::select(vec![Algorithm::Argon2d, Algorithm::Argon2i, Algorithm::Argon2id]),
        version in prop::sample::select(vec![Version::V0x10, Version::V0x13]),
        costs in costs(),
        password in prop::collection::vec(any::<u8>(), 0..300),
        salt in prop::collection::vec(any::<u8>(), 8..80),
        tag_bytes in 4_usize..=200,
        dirt in any::<u8>(),
    ) {
        let input = Input { algorithm, version, costs, password: &password, salt: &salt };
        let answer = |engine: &dyn argon2_engine::Engine, spare: usize| {
            let mut memory = Memory::new(costs.memory_kib as usize + spare).unwrap();
            let mut tag = vec![0; tag_bytes];
            // What an earlier evaluation left behind changes nothing.
            let earlier = [dirt; 8];
            engine.evaluate(&Input { salt: &earlier, ..input }, &mut memory, &mut tag).unwrap();
            engine.evaluate(&input, &mut memory, &mut tag).unwrap();
            tag
        };
        let expected = answer(&*select(Choice::Reference).unwrap().engine, 0);
        for kernel in kernels() {
            prop_assert_eq!(&answer(&*kernel, usize::from(dirt)), &expected, "{}", kernel.name());
        }
    }
}

/// Answers of libargon2, by its command line tool.
#[rstest]
#[case(Algorithm::Argon2id, Version::V0x13, [65_536, 2, 1], "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7")]
#[case(Algorithm::Argon2id, Version::V0x13, [4_096, 3, 4], "a6813fd21d9c8dbbfe5253c381154e1eac25982018a392c5e6578caef42a56b2")]
#[case(Algorithm::Argon2i, Version::V0x13, [65_536, 2, 1], "c1628832147d9720c5bd1cfd61367078729f6dfb6f8fea9ff98158e0d7816ed0")]
#[case(Algorithm::Argon2d, Version::V0x13, [1_024, 2, 3], "57873a6e5a5991b5e1fc762eac4868e4c7b897d484e05d29359c3982ae684280")]
#[case(Algorithm::Argon2id, Version::V0x10, [256, 2, 2], "f8aabb5315c63cddcdb3b4a021550928e525699da8fcbd1c2b0b1ccd35cc87a7")]
#[case(Algorithm::Argon2i, Version::V0x10, [8, 3, 1], "5da42deb0d89da4fe1e86c4b725f9f753907597b9f68c162cce3941e19d8ee9b")]
fn an_engine_gives_known_answers(
    #[case] algorithm: Algorithm,
    #[case] version: Version,
    #[case] costs: [u32; 3],
    #[case] expected: &str,
) {
    let [memory_kib, iterations, parallelism] = costs;
    let costs = Costs { memory_kib, iterations, parallelism };
    let input = Input { algorithm, version, costs, password: b"password", salt: b"somesalt" };
    let mut memory = Memory::new(memory_kib as usize).unwrap();
    for engine in
        kernels().into_iter().map(std::sync::Arc::from).chain([select(Choice::Reference).unwrap().engine])
    {
        let mut tag = [0; 32];
        engine.evaluate(&input, &mut memory, &mut tag).unwrap();
        let tag: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(tag, expected, "{}", engine.name());
    }
}

#[test]
fn what_is_no_input_is_refused_by_all_alike() {
    let good = Costs { memory_kib: 64, iterations: 1, parallelism: 2 };
    let mut memory = Memory::new(64).unwrap();
    for engine in
        kernels().into_iter().map(std::sync::Arc::from).chain([select(Choice::Reference).unwrap().engine])
    {
        let mut refusal = |costs, salt: &[u8], tag: &mut [u8]| {
            engine.evaluate(&Input::argon2id(costs, b"password", salt), &mut memory, tag).err()
        };
        let salt = [7; 16];
        assert_eq!(refusal(good, &salt, &mut [0; 32]), None, "{}", engine.name());
        for (costs, salt, tag_bytes) in [
            (Costs { memory_kib: 15, ..good }, &salt[..], 32),
            (Costs { memory_kib: 0, ..good }, &salt, 32),
            (Costs { iterations: 0, ..good }, &salt, 32),
            (Costs { parallelism: 0, ..good }, &salt, 32),
            (Costs { parallelism: u32::MAX, ..good }, &salt, 32),
            (good, &salt[..7], 32),
            (good, &salt, 3),
        ] {
            let refused = refusal(costs, salt, &mut vec![0; tag_bytes]);
            assert_eq!(refused, Some(EngineError::Input), "{} {costs:?}", engine.name());
        }
        let larger = Costs { memory_kib: 65, ..good };
        assert_eq!(refusal(larger, &salt, &mut [0; 32]), None, "{}: 65 KiB are 64 blocks", engine.name());
        let larger = Costs { memory_kib: 72, ..good };
        assert_eq!(refusal(larger, &salt, &mut [0; 32]), Some(EngineError::TooLittleMemory));
    }
}

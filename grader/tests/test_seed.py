"""The seed that hidden tests draw their cases from."""

from grader.seed import PUBLIC, Seed

TEST = "week1/exercises/toy.py::test_a"


def drawn(seed, test=TEST):
    return seed.rng(test).random()


def test_the_same_seed_and_test_draw_the_same_cases_and_others_draw_others():
    assert drawn(Seed()) == drawn(Seed(PUBLIC))
    others = [drawn(Seed()), drawn(Seed(7)), drawn(Seed(), f"{TEST}b"), drawn(Seed(), TEST.replace("week1", "week2"))]
    assert len(set(others)) == len(others)


def test_a_public_seed_is_the_same_for_every_exercise():
    assert Seed(7).for_exercise("a") == Seed(7).for_exercise("b") == 7
    assert not Seed(7).secret


def test_a_secret_seed_is_another_one_for_every_course_student_and_exercise():
    found = [
        Seed.of(key, student).for_exercise(exercise)
        for key in ("key", "kez")
        for student in ("an", "binh")
        for exercise in ("week1/exercises/toy.py", "week1/exercises/boy.py")
    ]
    assert len(set(found)) == len(found)
    assert Seed.of("key", "an").for_exercise("x") == Seed.of("key", "an").for_exercise("x")
    assert Seed.of("key", "an").secret


def test_names_that_run_into_each_other_do_not_share_a_seed():
    assert Seed.of("key", "an").for_exercise("na") != Seed.of("key", "ann").for_exercise("a")


def test_the_key_shows_in_no_traceback():
    assert "of-the-course" not in repr(Seed.of("key-of-the-course", "an"))

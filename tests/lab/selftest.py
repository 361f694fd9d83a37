#!/usr/bin/python3
"""Tests of the lab's own judgement and reader; needs neither root nor tools.

Prints TAP. A judge that can only say yes would make every scoreboard green.
"""

import sys
import unittest

import judge
import packets
import run
import scenario

ABORT = {
    "mechanism": "abort",
    "sender": "server",
    "culprit": "server",
    "grade": "certain",
}


def truth(*readings, **more):
    """As truth.json holds it."""
    told = scenario.says(*readings, **more)
    return {
        "right": [list(reading) for reading in told.right],
        "open": told.open,
        "unseen": told.unseen,
    }


def incident(text, grade="likely", also=()):
    mechanism, sender, culprit = text.split()
    return {
        "mechanism": mechanism,
        "sender": sender,
        "culprit": culprit,
        "grade": grade,
        "also": [
            dict(zip(("mechanism", "culprit"), other.split()))
            for other in also
        ],
    }


class Judge(unittest.TestCase):
    """Guilt, innocence, and what lies between."""

    server = truth("abort server server")
    innocent = truth()

    def outcome(self, told, *incidents):
        return judge.judge(told, list(incidents)).outcome

    def test_a_right_verdict_is_right(self):
        self.assertEqual(self.outcome(self.server, ABORT), judge.DECIDED)

    def test_the_wrong_culprit_is_wrong(self):
        said = incident("abort server client")
        self.assertEqual(self.outcome(self.server, said), judge.WRONG)

    def test_the_wrong_mechanism_is_wrong(self):
        said = incident("injected middlebox middlebox", "certain")
        self.assertEqual(self.outcome(self.server, said), judge.WRONG)

    def test_one_wrong_verdict_beside_a_right_one_is_wrong(self):
        said = incident("port-closed server server")
        self.assertEqual(self.outcome(self.server, ABORT, said), judge.WRONG)

    def jointly(self, client, server, *both):
        truths = {"client": self.server, "server": self.innocent}
        verdicts = {"client": judge.judge(self.server, client),
                    "server": judge.judge(self.innocent, server)}
        return judge.joint_complaint(
            verdicts, judge.judge_jointly(truths, list(both)))

    def test_both_ends_are_as_good_as_the_better_one(self):
        self.assertEqual(self.jointly([ABORT], [], ABORT), "")

    def test_both_ends_that_lose_a_verdict_are_worse(self):
        self.assertIn("worse", self.jointly([ABORT], []))

    def test_both_ends_that_are_less_sure_are_worse(self):
        said = incident("abort server server", "possible")
        self.assertIn("worse", self.jointly([ABORT], [], said))

    def test_silence_about_the_guilty_is_a_miss(self):
        self.assertEqual(self.outcome(self.server), judge.MISSED)

    def test_silence_where_nothing_can_be_seen_is_right(self):
        told = truth("abort server server", open=True, unseen=True)
        self.assertEqual(self.outcome(told), judge.SILENT)

    def test_undecided_where_it_is_clear_is_timid(self):
        said = incident("abort server server", "possible")
        self.assertEqual(self.outcome(self.server, said), judge.TIMID)

    def test_being_timid_fails_at_the_ends_only(self):
        said = incident("abort server server", "possible")
        verdict = judge.judge(self.server, [said])
        self.assertTrue(verdict.fails("client"))
        self.assertFalse(verdict.fails("r1"))

    def test_being_wrong_fails_everywhere(self):
        said = incident("abort server client")
        verdict = judge.judge(self.server, [said])
        self.assertTrue(verdict.fails("client"))
        self.assertTrue(verdict.fails("r1"))

    def test_undecided_where_it_is_open_names_the_truth(self):
        told = truth("abort server server", open=True)
        said = incident(
            "injected middlebox middlebox",
            "possible",
            also=("abort server",),
        )
        self.assertEqual(self.outcome(told, said), judge.NAMED)

    def test_possible_without_the_truth_is_wrong(self):
        told = truth("abort server server", open=True)
        said = incident("injected middlebox middlebox", "possible")
        self.assertEqual(self.outcome(told, said), judge.WRONG)

    def test_undetermined_where_it_is_open_is_good(self):
        told = truth("abort server server", open=True)
        said = incident("abort unknown unknown", "undetermined")
        verdict = judge.judge(told, [said])
        self.assertTrue(verdict.good)

    def test_an_innocent_is_acquitted_by_silence(self):
        self.assertEqual(self.outcome(self.innocent), judge.ACQUITTED)

    def test_an_innocent_accused_is_wrong(self):
        self.assertEqual(self.outcome(self.innocent, ABORT), judge.WRONG)

    def test_an_innocent_suspected_is_a_fault(self):
        said = incident("abort server server", "possible")
        verdict = judge.judge(self.innocent, [said])
        self.assertEqual(verdict.outcome, judge.SUSPECTED)
        self.assertFalse(verdict.good)

    def test_words_that_culprit_does_not_print_are_refused(self):
        with self.assertRaises(ValueError):
            scenario.says("abort server nobody")


class Conditions(unittest.TestCase):
    """What "must have been seen" means."""

    def setUp(self):
        self.nodes = {"client": {"10.0.0.1"}, "server": {"10.0.0.2"}}
        reset = packets.Packet(
            2.0, 4, "10.0.0.2", "10.0.0.1", 62, 0, flags="R"
        )
        syn = packets.Packet(
            1.0, 4, "10.0.0.1", "10.0.0.2", 64, 0, ip_id=7, flags="S"
        )
        self.recordings = {"client": [syn, reset]}

    def holds(self, condition):
        return packets.check(condition, self.recordings, self.nodes) is None

    def test_a_packet_is_found_by_all_its_words(self):
        self.assertTrue(
            self.holds("client sees from=server flags=R ttl=62 id=0 win=0")
        )

    def test_one_word_that_differs_is_enough(self):
        self.assertFalse(self.holds("client sees from=server flags=R ttl=63"))

    def test_lacks_is_the_opposite_of_sees(self):
        self.assertFalse(self.holds("client lacks flags=R"))
        self.assertTrue(self.holds("client lacks flags=F"))

    def test_counts_are_exact_unless_said_otherwise(self):
        self.assertTrue(self.holds("client sees 1 flags=R"))
        self.assertFalse(self.holds("client sees 2+ flags=R"))

    def test_times_count_from_the_first_packet(self):
        self.assertTrue(self.holds("client sees flags=R after=0.9"))
        self.assertFalse(self.holds("client sees flags=R after=1.1"))

    def test_soon_counts_from_the_last_packet_the_other_way(self):
        packets.set_answer_times(self.recordings["client"])
        self.assertTrue(self.holds("client sees flags=R soon=1000"))
        self.assertFalse(self.holds("client sees flags=R soon=999"))
        self.assertFalse(self.holds("client sees flags=S soon=9999"))

    def test_unknown_words_are_mistakes(self):
        with self.assertRaises(ValueError):
            self.holds("client sees colour=red")


class Tables(unittest.TestCase):
    """The scenarios as data."""

    def setUp(self):
        self.jobs = run.load()

    def test_there_are_enough_scenarios(self):
        names = {job.scenario.name for job in self.jobs}
        self.assertGreaterEqual(len(names), 100)
        self.assertGreaterEqual(len(self.jobs), 160)

    def test_every_capture_point_has_its_truth(self):
        for job in self.jobs:
            item = job.scenario
            for vantage in ("client", "server", "r1", "r2"):
                self.assertIsNotNone(item.truth_at(vantage), item.name)

    def test_every_scenario_tells_its_story(self):
        for job in self.jobs:
            self.assertTrue(job.scenario.story.endswith("."), job.name)

    def test_every_innocent_with_a_twin_is_innocent(self):
        by_name = {job.scenario.name: job.scenario for job in self.jobs}
        for job in self.jobs:
            if job.scenario.innocent and job.scenario.twin:
                twin = by_name[job.scenario.twin]
                self.assertFalse(twin.innocent, job.name)


class Tap(unittest.TextTestResult):
    """Prints "ok 1 - a sentence" for each test."""

    def _line(self, word, test):
        sentence = test.id().rsplit("test_", 1)[-1].replace("_", " ")
        print(f"{word} {self.testsRun} - {sentence}")

    def addSuccess(self, test):
        super().addSuccess(test)
        self._line("ok", test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._line("not ok", test)

    def addError(self, test, err):
        super().addError(test, err)
        self._line("not ok", test)


if __name__ == "__main__":
    runner = unittest.TextTestRunner(
        stream=sys.stderr, resultclass=Tap, verbosity=0
    )
    suite = unittest.defaultTestLoader.loadTestsFromModule(
        sys.modules["__main__"]
    )
    sys.exit(0 if runner.run(suite).wasSuccessful() else 1)

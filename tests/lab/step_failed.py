"""What a step raises that did not go as its scenario says."""


class StepFailed(Exception):
    """The message says what happened instead."""

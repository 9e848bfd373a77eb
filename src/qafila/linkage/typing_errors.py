"""One slip of the fingers between two written forms, in names and in numbers alike."""

from __future__ import annotations


def one_typing_error_apart(left: str, right: str) -> bool:
    """Whether one wrong, missing, added or exchanged neighbouring character separates the two.

    Equal numbers are not one error apart.
    """
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start = _common_beginning(left, right)
    left, right = left[start:], right[start:]
    end = _common_beginning(left[::-1], right[::-1])
    left, right = left[: len(left) - end], right[: len(right) - end]
    if max(len(left), len(right)) <= 1:
        return True
    return len(left) == len(right) == 2 and left == right[::-1]


def _common_beginning(left: str, right: str) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count

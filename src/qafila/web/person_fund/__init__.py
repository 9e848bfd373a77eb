"""A person's enrolment at the fund: declared, confirmed, changed, ended, and taken back."""

"""All screens as one page of pictures: python -m tests.gallery."""

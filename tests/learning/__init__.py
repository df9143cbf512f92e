"""Tests of learning from what came of introductions."""

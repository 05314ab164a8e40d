"""The daily report in words: content, sections in order, two editions and their forms."""

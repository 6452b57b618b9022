"""What consoles and their tools hand out instead of the log's own records: one file a source.

Such a file has `MARK`, what every such row holds; `record`, a function from a row (a JSON object)
to the text of the record that it stands for, None where it is none of them; and, where an answer
holds rows, `ENVELOPE`, the top-level keys under which they lie.
"""

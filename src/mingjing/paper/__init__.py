"""Paper: what is printed (PDF), tabulated (XLSX) and written (DOCX). It knows forms and no law, no register, no person.

What is printed is a template beside this file and data as JSON; no text of a person is ever part of a template. Typst
runs in a child process under limits.
"""

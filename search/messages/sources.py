"""Files: why one can't be read or is read only in part, and what to do."""

from __future__ import annotations

from search.messages import declare, declare_n

# What can't be read.
FILE_EMPTY_BYTES = declare("file_empty_bytes", "the file is empty.")
FILE_BLANK = declare("file_blank", "the file holds only blanks.")
GET_FILE_AGAIN = declare("get_file_again", "Get the file again from where it came from.")
IS_FOLDER = declare("is_folder", "this is a folder.")
NAME_FILE_IN_IT = declare("name_file_in_it", "Name a file in it.")
NOT_ORDINARY_FILE = declare("not_ordinary_file", "this is no ordinary file.")
LEAVE_IT_OUT = declare("leave_it_out", "Leave it out.")
FILE_TOO_LARGE = declare("file_too_large", "the file is too large ({size} MB; the limit is {most} MB).")
TOO_MANY_WORDS = declare(
    "too_many_words", "it has too many paragraphs, or too many different words and numbers."
)
DIVIDE_FILE = declare("divide_file", "Divide it into several files.")
NO_SUCH_FILE = declare("no_such_file", "there is no such file.")
NO_SUCH_FILE_OR_FOLDER = declare("no_such_file_or_folder", "there is no such file or folder.")
PATH_MISSING = declare("path_missing", "{path} does not exist.")
CHECK_PATH = declare("check_path", "Check the path.")
CHECK_PATH_TYPING = declare("check_path_typing", "Check the path for a typing error.")
CHECK_PATH_OR_LINK = declare(
    "check_path_or_link",
    "Check the path for a typing error, or where the link points to.",
)
FOLDER_MAY_NOT_BE_LISTED = declare("folder_may_not_be_listed", "the folder may not be listed.")
FILE_MAY_NOT_BE_READ = declare("file_may_not_be_read", "the file may not be read.")
GIVE_PERMISSION = declare("give_permission", "Give yourself read permission on it.")
CHECK_DISK = declare("check_disk", "Check the disk, then try again.")
LINK_LOOP = declare("link_loop", "It is a link that leads back to itself; remove it.")
UNREADABLE = declare("unreadable", "it can't be read: {error}.")
KIND_UNREADABLE = declare("kind_unreadable", "this is {kind}, which can't be read.")
SUFFIX_UNREADABLE = declare("suffix_unreadable", "files with the suffix {suffix} can't be read.")
NAME_IT_TXT = declare(
    "name_it_txt",
    "If it is text, name it .txt; otherwise save it as .txt, .docx, .html or PDF.",
)
PASSWORD = declare("password", "this document is protected by a password.")
SAVE_WITHOUT_PASSWORD = declare("save_without_password", "Open it with the password and save it without one.")
NOT_TEXT = declare("not_text", "this is not a text but binary data.")
GIVE_OWN_SUFFIX = declare(
    "give_own_suffix",
    "If it is a PDF, DOCX, HTML, CSV or ZIP file, give it its own suffix.",
)
ENCODING_UNKNOWN = declare("encoding_unknown", "the encoding can't be told, or the file is not text.")
SAVE_AS_UTF8_TEXT = declare(
    "save_as_utf8_text",
    "Save it again as UTF-8 text; if it is another kind of file, give it its own suffix.",
)
CONTAINER_BROKEN = declare("container_broken", "the {kind} is broken ({error}).")
DOCX_DOCUMENT = declare("docx_document", "DOCX document")
E_BOOK = declare("e_book", "e-book")
OPENDOCUMENT_TEXT = declare("opendocument_text", "OpenDocument text")
GET_OR_SAVE_AGAIN = declare("get_or_save_again", "Get the file again, or open the {kind} and save it anew.")
ZIP_ARCHIVE = declare("zip_archive", "ZIP archive")
DOCX_WITHOUT_TEXT = declare("docx_without_text", "the DOCX document has no text part.")
PART_BROKEN = declare("part_broken", "{part} in the {kind} is broken ({error}).")
PART_WITH_ENTITIES = declare(
    "part_with_entities",
    "{part} in the {kind} refers to {entity}, which no program writes: its text would be lost.",
)
DOCUMENT_WITHOUT_TEXT = declare("document_without_text", "the document holds no text.")
SWELLS = declare("swells", "the document swells beyond all measure when unpacked.")
RECOGNISE_IF_SCAN = declare("recognise_if_scan", "If it is a scan, have its text recognised (OCR).")
SAVE_FROM_BROWSER = declare("save_from_browser", "Open it in a browser and save it again.")
PDF_SCANNED = declare("pdf_scanned", "this PDF has no text layer: it is scanned or drawn.")
RECOGNISE_PDF = declare(
    "recognise_pdf",
    "Have its text recognised (OCR) and save it as a PDF with text, .docx or .txt.",
)
INSTALL_OCR = declare("install_ocr", "Install the extra that reads pictures: pip install 'xiesou[ocr]'.")
PAGES_ARE_PICTURES = declare(
    "pages_are_pictures",
    "pages {pages} are pictures alone and were not read. "
    "Install the extra that reads pictures: pip install 'xiesou[ocr]'.",
)
PAGES_RECOGNISED = declare(
    "pages_recognised",
    "the text of pages {pages} was recognised in pictures (OCR): compare numbers and names with the original.",
)
PAGE_NOT_RECOGNISED = declare(
    "page_not_recognised", "page {page} is a picture and can't be recognised ({error})."
)
NOTHING_RECOGNISED = declare(
    "nothing_recognised",
    "there is no text layer, and nothing was recognised in the pictures.",
)
OTHER_COPY = declare("other_copy", "Find another copy of it.")
IMAGE_RECOGNISED = declare(
    "image_recognised",
    "the text was recognised in a picture (OCR): compare numbers and names with the original.",
)
NOTHING_RECOGNISED_IN_IMAGE = declare("nothing_recognised_in_image", "nothing was recognised in the picture.")
LEAVE_OUT_IF_NO_PAGE = declare(
    "leave_out_if_no_page",
    "If it is no page of text, leave it out; else scan it again at 200 dpi or more.",
)
IMAGE_BROKEN = declare("image_broken", "the picture can't be read ({error}).")
PDF_UNNAMED_FONTS = declare(
    "pdf_unnamed_fonts",
    "the fonts of this PDF don't say which characters they draw.",
)
RECOGNISE_OR_OTHER_COPY = declare(
    "recognise_or_other_copy",
    "Have its text recognised (OCR), or find another copy of it.",
)
PDF_PASSWORD = declare("pdf_password", "this PDF is protected by a password.")
PDF_BROKEN = declare("pdf_broken", "the PDF is broken ({error}).")
PDF_NO_PAGES = declare("pdf_no_pages", "the PDF is broken: it has no pages.")
PDF_SWELLS = declare("pdf_swells", "the PDF swells beyond all measure when unpacked.")
GET_OR_PRINT_AGAIN = declare(
    "get_or_print_again",
    "Get the file again, or open it in a PDF viewer and print it to a new PDF.",
)
ARCHIVE_WITHOUT_DOCUMENTS = declare("archive_without_documents", "nothing in the archive can be read.")
ARCHIVE_EMPTY = declare("archive_empty", "It has no members.")
UNPACK_AND_LOOK = declare("unpack_and_look", "Unpack it and look at its files.")
ARCHIVE_TOO_MANY = declare("archive_too_many", "the archive has {n} members; the limit is {most}.")
DIVIDE_IT = declare("divide_it", "Divide it.")
TABLE_UNREADABLE = declare("table_unreadable", "no row of the table can be read.")
TABLE_WITHOUT_TEXT = declare("table_without_text", "the table has no column for the text.")
NAME_COLUMNS = declare(
    "name_columns",
    "Name the columns in the first line, one of them text or full_text; known are {names:, }.",
)
NOTHING_TO_INDEX = declare("nothing_to_index", "There is no file to index.")
GIVE_FILES = declare(
    "give_files",
    "Give a file or a folder of .txt, .md, .html, .docx, .pdf, .csv, .json, .xlsx or .zip files.",
)
ZIP_BROKEN = declare("zip_broken", "the ZIP archive is broken ({error}).")
TOO_MANY_PARTS = declare("too_many_parts", "the {kind} has {n} parts; the limit is {most}.")
NO_CHINESE = declare("no_chinese", "its characters are no Chinese: {why}.")
SAVE_IN_OWN_ENCODING = declare(
    "save_in_own_encoding",
    "Get the file again from where it came from, or save it in the encoding that it was in.",
)
HTML_EMPTY = declare("html_empty", "the HTML page holds no text.")
JSON_BROKEN = declare("json_broken", "it is not JSON ({error}).")
WRITE_JSON_AGAIN = declare("write_json_again", "Write it again as JSON.")
JSON_TOO_DEEP = declare("json_too_deep", "it is nested too deeply.")
ONE_OBJECT_A_REPORT = declare("one_object_a_report", "Write one object a report.")
SPREADSHEET_PASSWORD = declare("spreadsheet_password", "this spreadsheet is protected by a password.")
SPREADSHEET_BROKEN = declare("spreadsheet_broken", "the spreadsheet is broken ({error}).")
SPREADSHEET_SWELLS = declare("spreadsheet_swells", "the spreadsheet swells beyond all measure when unpacked.")
SHEET_WITHOUT_TEXT = declare("sheet_without_text", "sheet {name} has no column for the text.")
NAME_COLUMN_TEXT = declare("name_column_text", "Name a column text.")
WORKBOOK_EMPTY = declare("workbook_empty", "the workbook has no sheet with cells.")
LOOK_IN_SPREADSHEET = declare("look_in_spreadsheet", "Look at it in a spreadsheet.")
NAME_COLUMNS_TEXT = declare(
    "name_columns_text",
    "Name the columns in the first line, one of them text; known are {names}.",
)

# Kinds of file that can't be read.
KIND_WORD_OLD = declare("kind_word_old", "an old Word document ({suffix})")
KIND_WORD_TEMPLATE = declare("kind_word_template", "an old Word template ({suffix})")
KIND_WPS = declare("kind_wps", "a WPS document ({suffix})")
KIND_OFD = declare("kind_ofd", "an OFD document ({suffix})")
KIND_OFFICE_OLD = declare("kind_office_old", "an old Office document ({suffix})")
KIND_PAGES = declare("kind_pages", "a Pages document ({suffix})")
KIND_CAJ = declare("kind_caj", "a CAJ document ({suffix})")
KIND_WPS_SPREADSHEET = declare("kind_wps_spreadsheet", "a WPS spreadsheet ({suffix})")
KIND_PRESENTATION = declare("kind_presentation", "a presentation ({suffix})")
KIND_XML = declare("kind_xml", "an XML file ({suffix})")
KIND_IMAGE = declare("kind_image", "an image ({suffix})")
KIND_ARCHIVE = declare("kind_archive", "an archive ({suffix})")

# What to do with them.
SAVE_AS_DOCX = declare("save_as_docx", "Open it in Word or WPS and save it as .docx, or as .txt in UTF-8.")
SAVE_AS_PDF = declare(
    "save_as_pdf",
    "Open it in the program it was made with and save it as .docx, .txt or a PDF with text.",
)
RECOGNISE_TEXT = declare(
    "recognise_text",
    "Have its text recognised (OCR) and give the result as .txt, .docx or a PDF with a text layer.",
)
SAVE_AS_CSV = declare(
    "save_as_csv",
    "Save the sheet as CSV in UTF-8, with columns such as title, text, city, year.",
)
UNPACK_OR_ZIP = declare("unpack_or_zip", "Unpack it, or pack its files as .zip.")
EXPORT_OFD = declare("export_ofd", "Export it from an OFD reader as .txt, .docx or PDF.")
SAVE_PAGE_HTML = declare("save_page_html", "Open it in a browser and save the page as HTML.")
EXPORT_CAJ = declare("export_caj", "Export it from CAJViewer as PDF or text.")
SAVE_TEXT_HTML = declare("save_text_html", "Save its text as .txt or .html.")

# What is read only in part.
DAMAGED_PLACES = declare_n(
    "damaged_places",
    "{n} place is not valid {codec}",
    "{n} places are not valid {codec}",
)
PLACES_DESTROYED = declare_n(
    "places_destroyed",
    "an earlier conversion destroyed {n} place",
    "an earlier conversion destroyed {n} places",
)
READ_AS = declare("encoding_read_as", "{encoding} read as {other}")
QUOTE_UNCLOSED = declare(
    "quote_unclosed", "a quote is not closed; the row was read up to where it seems to end"
)
BOOK_TOO_LONG = declare("book_too_long", "the book has {n} pages; only the first {most} are read")
SAVE_SPREADSHEET_AGAIN = declare(
    "save_spreadsheet_again", "Open it in a spreadsheet program and save it again."
)
INVALID_FROM = declare("invalid_from", "not valid {codec} from byte {byte} on")
ENCODING_GUESSED = declare("encoding_guessed", "the encoding was guessed: {codec}")
ENCODING_DECLARED = declare("encoding_declared", "declared as {codec}, which it is not")
ONLY_NAVIGATION = declare("only_navigation", "the page has no text outside its navigation")
CHARACTERS_UNNAMED = declare_n(
    "characters_unnamed",
    "{n} character is not named by its font",
    "{n} characters are not named by their fonts",
)
FIRST_PAGES_ONLY = declare("first_pages_only", "only its first {most} pages are read")
PAGE_BROKEN = declare("page_broken", "page {page} is broken ({error})")
MHT_EMPTY = declare("mht_empty", "the web archive holds no page with text.")
MHT_BROKEN = declare("mht_broken", "the web archive is broken ({error}).")
MHT_TOO_MANY = declare("mht_too_many", "the web archive has more than {most} parts.")
PAGE_EMPTY = declare("page_empty", "the page is empty.")
BOOK_EMPTY = declare("book_empty", "no chapter of the book holds text.")
BOOK_WITHOUT_ORDER = declare("book_without_order", "the e-book doesn't say where its pages are.")
BOOK_PROTECTED = declare("book_protected", "this e-book is protected against copying.")
GET_UNPROTECTED = declare("get_unprotected", "Get it without protection, or as PDF or HTML.")
PAGE_NOT_IN_BOOK = declare("page_not_in_book", "the page is not in the book.")
ODT_EMPTY = declare("odt_empty", "the OpenDocument text has no content.")
NEEDS_LIBREOFFICE = declare("needs_libreoffice", "this is {kind}, which can't be read without LibreOffice.")
INSTALL_LIBREOFFICE = declare("install_libreoffice", "Install LibreOffice. Or: {hint}")
LIBREOFFICE_CANNOT = declare("libreoffice_cannot", "this is {kind}, which LibreOffice can't convert.")
TOO_MANY_GONE = declare("too_many_gone", "{kept} of the {held} files held of these paths are no longer there")
GONE_ARE_KEPT = declare("gone_are_kept", "{gone}; what the index has of them stays.")
GONE_CANNOT_BE_KEPT = declare(
    "gone_cannot_be_kept",
    "{gone}, and the index can't be continued to keep them: {why}",
)
ALLOW_REMOVALS = declare("allow_removals", "If they are meant to go, add --allow-removals.")
NO_CHINESE_TEXT = declare("no_chinese_text", "there is no Chinese in the text")
OTHER_FILES_NOT_READ = declare(
    "other_files_not_read",
    "parts of this document are in other files, which are not read with it.",
)
NESTED_DOCUMENTS = declare(
    "nested_documents",
    "documents are nested in it too deep, and the innermost are not read.",
)
PICTURES_NOT_READ = declare(
    "pictures_not_read",
    "pictures in the document look like scanned pages and were not read: {n}. "
    "Install the extra that reads pictures: pip install 'xiesou[ocr]'.",
)
PICTURES_RECOGNISED = declare(
    "pictures_recognised",
    "the text of {n} pictures in the document was recognised (OCR): compare numbers and names with the original.",
)
PICTURE_NOT_RECOGNISED = declare(
    "picture_not_recognised", "picture {picture} in the document can't be recognised ({error})."
)
OBJECTS_NOT_READ = declare("objects_not_read", "the objects embedded in the document are not read: {names}.")
SHEET_WITHOUT_COLUMN = declare("sheet_without_column", "sheet {name} has no column of text")
SHEET_IS_PROSE = declare("sheet_is_prose", "sheet {name} is a text in one column, read line by line")
COLUMNS_GUESSED = declare(
    "columns_guessed",
    "no line names the columns; they were told by what stands in them",
)
COLUMNS_BY_CONTENTS = declare("columns_by_contents", "columns taken by what stands in them: {names}")
ROWS_ARE_PARAGRAPHS = declare("rows_are_paragraphs", "rows are paragraphs, put together by {names}")
MEMBER_UNREADABLE = declare("member_unreadable", "{member}: {reason}")
MEMBER_PASSWORD = declare(
    "member_password",
    "it is protected by a password. Unpack it with the password first.",
)
NAME_NOT_UTF8 = declare("name_not_utf8", "The file's name is not UTF-8; it is kept as {name}.")
MEMBER_LINK = declare("member_link", "it is a symbolic link, which is not followed.")
MEMBER_ARCHIVE = declare("member_archive", "an archive in an archive is not opened. Unpack it first.")
MEMBER_BROKEN = declare("member_broken", "the member is broken ({error}).")
MEMBER_TOO_LARGE = declare("member_too_large", "it is too large ({size} MB; the limit is {most} MB).")
MEMBER_SWELLS = declare("member_swells", "it swells beyond all measure when unpacked, and is not read.")
UNKNOWN_COLUMN = declare("unknown_column", "unknown column “{name}”; known are {names:, }")
UNKNOWN_FRONT_MATTER = declare(
    "unknown_front_matter",
    "front matter has an unknown key “{name}”; known are {names:, }",
)
ROW = declare("row", "row {row}: {reason}")
ROW_EMPTY = declare("row_empty", "it is empty")
ROW_WITHOUT_TEXT = declare("row_without_text", "it has no text")
ROW_NOT_JSON = declare("row_not_json", "it is not JSON ({error})")
ROW_NOT_OBJECT = declare("row_not_object", "it is not a JSON object")
ROW_NOT_CSV = declare("row_not_csv", "it is not CSV ({error})")
ROW_CELLS = declare("row_cells", "it has {cells} cells for {columns} columns")

# What a run tells of files.
CANNOT_READ = declare("cannot_read", "can't be read: {error}.")
READING_FAILED = declare(
    "reading_failed",
    "reading it failed ({error}). This is a fault of Xiesou; report it with the file.",
)
WORKER_KILLED = declare(
    "worker_killed",
    "the process that read it was killed, perhaps for want of memory. Divide the file, or leave it out.",
)
WORKER_OUT_OF_TIME = declare(
    "worker_out_of_time",
    "reading it got nowhere for minutes of processor time, and was ended. Leave it out, or get the file again.",
)
WORKER_OUT_OF_MEMORY = declare(
    "worker_out_of_memory",
    "reading it takes more than the {most} MB of memory that a worker may have. Divide the file, or leave it out.",
)
DOCUMENT_TOO_LONG = declare(
    "document_too_long", "the text has {n:,} characters; a document of a file may have {most:,}."
)
CELL_TOO_LONG = declare("cell_too_long", "column “{name}” has {n:,} characters; a cell may have {most:,}")
CELL_OVER_LIMIT = declare("cell_over_limit", "a cell has more than {most:,} characters")
TOO_MANY_CELLS = declare("too_many_cells", "the workbook has more than {most:,} cells.")
TAG_ATTRIBUTES = declare("tag_attributes", "a tag has more than {most:,} attributes, as no page has.")
ARCHIVE_OVERLAPS = declare(
    "archive_overlaps", "parts of the file lie over one another, as those of no real one do."
)
JSON_TOO_LARGE = declare(
    "json_too_large", "the JSON is larger than {most} MB, and has to be read as one value."
)
WRITE_JSON_LINES = declare("write_json_lines", "Write it as JSON Lines (.jsonl), a report a line.")
NO_SEARCHABLE_TEXT = declare(
    "no_searchable_text",
    "no text that can be searched was found in it. xiesou inspect shows what was.",
)
LEFTOVERS = declare(
    "leftovers",
    "the new state is live; files of the old one could not be removed: {names:, }.",
)
INDEX_KEEPS_IT = declare("index_keeps_it", "What the index has of it stays.")
DUPLICATE_WHOLE = declare("duplicate_whole", "the same text as {other}; both are held")
DUPLICATE_LONG = declare("duplicate_long", "the same longer paragraphs as in {other}; both are held")
DUPLICATE_PART = declare("duplicate_part", "{share:.0%} of the text is the same as in {other}; both are held")

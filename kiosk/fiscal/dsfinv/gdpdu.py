"""The description of a DSFinV-K export for the auditor's program (GDPdU): index.xml, and the DTD that it names.

Tables, columns, lengths and decimals are those of the models of the package `dsfinvk`. The DTD declares what this
index.xml uses, in our own words; an auditor's program brings the official one, and `--dtd` puts that in its place.
"""

from xml.sax.saxutils import escape

from dsfinvk.fields import BooleanField, NumericField
from dsfinvk.table import Model

DTD_NAME = "gdpdu-01-08-2002.dtd"  # the name under which the package writes it
TEXT_LENGTHS = {True: 1, False: 30}  # of a column that the model gives no length: yes or no, else a time

DTD = """<?xml version="1.0" encoding="UTF-8"?>
<!ELEMENT DataSet (Version, DataSupplier, Media+)>
<!ELEMENT DataSupplier (Name, Location, Comment)>
<!ELEMENT Media (Name, Table+)>
<!ELEMENT Table (URL, Name, UTF8, DecimalSymbol, DigitGroupingSymbol, Range, VariableLength)>
<!ELEMENT Range (From)>
<!ELEMENT VariableLength (ColumnDelimiter, RecordDelimiter, TextEncapsulator, VariableColumn+)>
<!ELEMENT VariableColumn (Name, Description?, (Numeric | (AlphaNumeric, MaxLength?)))>
<!ELEMENT Numeric (Accuracy?)>
<!ELEMENT AlphaNumeric EMPTY>
<!ELEMENT UTF8 EMPTY>
<!ELEMENT Accuracy (#PCDATA)>
<!ELEMENT ColumnDelimiter (#PCDATA)>
<!ELEMENT Comment (#PCDATA)>
<!ELEMENT DecimalSymbol (#PCDATA)>
<!ELEMENT Description (#PCDATA)>
<!ELEMENT DigitGroupingSymbol (#PCDATA)>
<!ELEMENT From (#PCDATA)>
<!ELEMENT Location (#PCDATA)>
<!ELEMENT MaxLength (#PCDATA)>
<!ELEMENT Name (#PCDATA)>
<!ELEMENT RecordDelimiter (#PCDATA)>
<!ELEMENT TextEncapsulator (#PCDATA)>
<!ELEMENT URL (#PCDATA)>
<!ELEMENT Version (#PCDATA)>
"""


def index_xml(models: list[type[Model]], supplier: str, location: str, comment: str) -> str:
    """The description of these tables, in this order."""
    tables = "\n".join(_table(model) for model in models)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE DataSet SYSTEM "{DTD_NAME}">
<DataSet>
<Version>1.0</Version>
<DataSupplier><Name>{escape(supplier)}</Name><Location>{escape(location)}</Location><Comment>{escape(comment)}</Comment></DataSupplier>
<Media><Name>DSFinV-K</Name>
{tables}
</Media>
</DataSet>
"""


def _table(model: type[Model]) -> str:
    columns = "\n".join(_column(field) for field in model._fields)
    return f"""<Table><URL>{model._filename}</URL><Name>{model.__name__}</Name><UTF8/>
<DecimalSymbol>,</DecimalSymbol><DigitGroupingSymbol>.</DigitGroupingSymbol><Range><From>2</From></Range>
<VariableLength>
<ColumnDelimiter>;</ColumnDelimiter><RecordDelimiter>&#13;&#10;</RecordDelimiter><TextEncapsulator>"</TextEncapsulator>
{columns}
</VariableLength></Table>"""


def _column(field: object) -> str:
    name = getattr(field, "name", "")
    about = escape(getattr(field, "__doc__", None) or "")
    description = f"<Description>{about}</Description>" if about else ""
    if isinstance(field, NumericField):
        accuracy = f"<Accuracy>{field.places}</Accuracy>" if field.places else ""
        kind = f"<Numeric>{accuracy}</Numeric>"
    else:
        length = getattr(field, "max_length", None) or TEXT_LENGTHS[isinstance(field, BooleanField)]
        kind = f"<AlphaNumeric/><MaxLength>{length}</MaxLength>"
    return f"<VariableColumn><Name>{name}</Name>{description}{kind}</VariableColumn>"

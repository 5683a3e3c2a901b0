"""Validates statements by the schema of BODS 0.4 and the checks of libcovebods, and says what is wrong with them."""

import json
import sys

from libcovebods.additionalfields import AdditionalFields
from libcovebods.config import LibCoveBODSConfig
from libcovebods.data_reader import DataReader
from libcovebods.jsonschemavalidate import JSONSchemaValidator
from libcovebods.run_tasks import process_additional_checks
from libcovebods.schema import SchemaBODS
from libcovebods.tasks.checks import legacy_checks, record_based_checks
import libcovebods.run_tasks

# The codes of registers that powermap knows; the checks would fetch the list of all of them.
REGISTERS = (
    "XI-LEI US-SEC GB-COH GB-CHC US-EIN DE-CR FR-RCS NL-KVK BE-BCE_KBO LU-RCS CH-FDJP AT-FB IE-CRO DK-CVR NO-BRC "
    "FI-PRO IT-RI PL-KRS CZ-ICO UA-EDR AU-ABN IN-MCA JP-JCN CN-SAIC HK-CR IL-ROC ZA-CIP BR-CNPJ"
).split()
for checks in (legacy_checks, record_based_checks):
    checks.get_orgids_prefixes = lambda *_: REGISTERS


def problems(path):
    """Yields what is wrong with the statements of a file."""
    reader, config = DataReader(path), LibCoveBODSConfig()
    schema = SchemaBODS(reader, config)
    if schema.schema_version != "0.4":
        yield f"version {schema.schema_version}"
    for error in JSONSchemaValidator(schema).validate(reader):
        yield json.dumps(error.json(), ensure_ascii=False)
    for field in AdditionalFields(schema).process(reader):
        yield f"not in the schema: {field}"
    checks = process_additional_checks(reader, config, schema, libcovebods.run_tasks.TASK_CLASSES)
    for check in checks["additional_checks"]:
        yield json.dumps(check, ensure_ascii=False)
    print(f"{path}: {len(reader.get_all_data())} statements", file=sys.stderr)


if __name__ == "__main__":
    found = [f"{path}: {problem}" for path in sys.argv[1:] for problem in problems(path)]
    for problem in found[:50]:
        print(problem)
    sys.exit(1 if found else 0)

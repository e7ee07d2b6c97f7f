"""The nodes that PostgreSQL 15 to 18 write into rule trees, and the fields of each, in order.

`name[16:]` is written since version 16, `name[:16]` up to 15, `name[16:17]` by 16 alone. Entries of
the range table differ by their `rtekind`, which stands behind the node's name here. The lists
follow the servers' own output.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TypeAlias

Shapes: TypeAlias = Mapping[str, tuple[str, ...]]

_MARKED = re.compile(r"(\w+)(?:\[(\d*):(\d*)\])?")

_ENTRY = "alias eref rtekind"
_ENTRY_END = "lateral inh[:17] inFromCl"
_ENTRY_RIGHTS = (
    "requiredPerms[:16] checkAsUser[:16] selectedCols[:16] insertedCols[:16] updatedCols[:16] "
    "extraUpdatedCols[:16] securityQuals"
)
_OPERATOR = "opno opfuncid opresulttype opretset opcollid inputcollid args location"

_NODES = {
    "AGGREF": (
        "aggfnoid aggtype aggcollid inputcollid aggtranstype aggargtypes aggdirectargs args "
        "aggorder aggdistinct aggfilter aggstar aggvariadic aggkind aggpresorted[16:] agglevelsup "
        "aggsplit aggno aggtransno location"
    ),
    "ALIAS": "aliasname colnames",
    "ARRAYCOERCEEXPR": "arg elemexpr resulttype resulttypmod resultcollid coerceformat location",
    "ARRAYEXPR": (
        "array_typeid array_collid element_typeid elements multidims list_start[18:] "
        "list_end[18:] location"
    ),
    "BOOLEANTEST": "arg booltesttype location",
    "BOOLEXPR": "boolop args location",
    "CASEEXPR": "casetype casecollid arg args defresult location",
    "CASETESTEXPR": "typeId typeMod collation",
    "CASEWHEN": "expr result location",
    "COALESCEEXPR": "coalescetype coalescecollid args location",
    "COERCETODOMAIN": "arg resulttype resulttypmod resultcollid coercionformat location",
    "COERCEVIAIO": "arg resulttype resultcollid coerceformat location",
    "COLLATEEXPR": "arg collOid location",
    "COMMONTABLEEXPR": (
        "ctename aliascolnames ctematerialized ctequery search_clause cycle_clause location "
        "cterecursive cterefcount ctecolnames ctecoltypes ctecoltypmods ctecolcollations"
    ),
    "CONST": (
        "consttype consttypmod constcollid constlen constbyval constisnull location constvalue"
    ),
    "CONVERTROWTYPEEXPR": "arg resulttype convertformat location",
    "CTECYCLECLAUSE": (
        "cycle_col_list cycle_mark_column cycle_mark_value cycle_mark_default cycle_path_column "
        "location cycle_mark_type cycle_mark_typmod cycle_mark_collation cycle_mark_neop"
    ),
    "CTESEARCHCLAUSE": "search_col_list search_breadth_first search_seq_column location",
    "DISTINCTEXPR": _OPERATOR,
    "FIELDSELECT": "arg fieldnum resulttype resulttypmod resultcollid",
    "FROMEXPR": "fromlist quals",
    "FUNCEXPR": (
        "funcid funcresulttype funcretset funcvariadic funcformat funccollid inputcollid args "
        "location"
    ),
    "GROUPINGFUNC": "args refs cols agglevelsup location",
    "GROUPINGSET": "kind content location",
    "JOINEXPR": "jointype isNatural larg rarg usingClause join_using_alias quals alias rtindex",
    "JSONBEHAVIOR": "btype expr coerce location",
    "JSONCONSTRUCTOREXPR": "type args func coercion returning absent_on_null unique location",
    "JSONEXPR": (
        "op column_name formatted_expr format path_spec returning passing_names passing_values "
        "on_empty on_error use_io_coercion use_json_coercion wrapper omit_quotes collation "
        "location"
    ),
    "JSONFORMAT": "format_type encoding location",
    "JSONISPREDICATE": "expr format item_type unique_keys location",
    "JSONRETURNING": "format typid typmod",
    "JSONTABLEPATH": "value name",
    "JSONTABLEPATHSCAN": "path errorOnError child colMin colMax",
    "JSONTABLESIBLINGJOIN": "lplan rplan",
    "JSONVALUEEXPR": "raw_expr formatted_expr format",
    "MINMAXEXPR": "minmaxtype minmaxcollid inputcollid op args location",
    "NULLIFEXPR": _OPERATOR,
    "NULLTEST": "arg nulltesttype argisrow location",
    "OPEXPR": _OPERATOR,
    "PARAM": "paramkind paramid paramtype paramtypmod paramcollid location",
    "QUERY": (
        "commandType querySource canSetTag utilityStmt resultRelation hasAggs hasWindowFuncs "
        "hasTargetSRFs hasSubLinks hasDistinctOn hasRecursive hasModifyingCTE hasForUpdate "
        "hasRowSecurity hasGroupRTE[18:] isReturn cteList rtable rteperminfos[16:] jointree "
        "mergeActionList[16:] mergeUseOuterJoin[16:17] mergeTargetRelation[17:] "
        "mergeJoinCondition[17:] targetList override onConflict returningOldAlias[18:] "
        "returningNewAlias[18:] returningList groupClause groupDistinct groupingSets havingQual "
        "windowClause distinctClause sortClause limitOffset limitCount limitOption rowMarks "
        "setOperations constraintDeps withCheckOptions mergeActionList[:16] "
        "mergeUseOuterJoin[:16] stmt_location stmt_len"
    ),
    "RANGETBLENTRY 0": (
        f"{_ENTRY} relid inh[17:] relkind rellockmode perminfoindex[17:] tablesample "
        f"perminfoindex[16:17] {_ENTRY_END} {_ENTRY_RIGHTS}"
    ),
    "RANGETBLENTRY 1": (
        f"{_ENTRY} subquery security_barrier relid[16:] inh[17:] relkind[16:] rellockmode[16:] "
        f"perminfoindex[16:] {_ENTRY_END} {_ENTRY_RIGHTS}"
    ),
    "RANGETBLENTRY 2": (
        f"{_ENTRY} jointype joinmergedcols joinaliasvars joinleftcols joinrightcols "
        f"join_using_alias {_ENTRY_END} {_ENTRY_RIGHTS}"
    ),
    "RANGETBLENTRY 3": f"{_ENTRY} functions funcordinality {_ENTRY_END} {_ENTRY_RIGHTS}",
    "RANGETBLENTRY 4": f"{_ENTRY} tablefunc {_ENTRY_END} {_ENTRY_RIGHTS}",
    "RANGETBLENTRY 5": (
        f"{_ENTRY} values_lists coltypes coltypmods colcollations {_ENTRY_END} {_ENTRY_RIGHTS}"
    ),
    "RANGETBLENTRY 6": (
        f"{_ENTRY} ctename ctelevelsup self_reference coltypes coltypmods colcollations "
        f"{_ENTRY_END} {_ENTRY_RIGHTS}"
    ),
    "RANGETBLENTRY 9": f"{_ENTRY} groupexprs {_ENTRY_END} {_ENTRY_RIGHTS}",
    "RANGETBLFUNCTION": (
        "funcexpr funccolcount funccolnames funccoltypes funccoltypmods funccolcollations "
        "funcparams"
    ),
    "RANGETBLREF": "rtindex",
    "RELABELTYPE": "arg resulttype resulttypmod resultcollid relabelformat location",
    "ROWCOMPAREEXPR": "rctype[:18] cmptype[18:] opnos opfamilies inputcollids largs rargs",
    "ROWEXPR": "args row_typeid row_format colnames location",
    "ROWMARKCLAUSE": "rti strength waitPolicy pushedDown",
    "RTEPERMISSIONINFO": (
        "relid inh requiredPerms checkAsUser selectedCols insertedCols updatedCols"
    ),
    "SCALARARRAYOPEXPR": "opno opfuncid hashfuncid negfuncid useOr inputcollid args location",
    "SETOPERATIONSTMT": "op all larg rarg colTypes colTypmods colCollations groupClauses",
    "SORTGROUPCLAUSE": "tleSortGroupRef eqop sortop reverse_sort[18:] nulls_first hashable",
    "SQLVALUEFUNCTION": "op type typmod location",
    "SUBLINK": "subLinkType subLinkId testexpr operName subselect location",
    "SUBSCRIPTINGREF": (
        "refcontainertype refelemtype refrestype reftypmod refcollid refupperindexpr "
        "reflowerindexpr refexpr refassgnexpr"
    ),
    "TABLEFUNC": (
        "functype[17:] ns_uris ns_names docexpr rowexpr colnames coltypes coltypmods "
        "colcollations colexprs coldefexprs colvalexprs[17:] passingvalexprs[17:] notnulls "
        "plan[17:] ordinalitycol location"
    ),
    "TABLESAMPLECLAUSE": "tsmhandler args repeatable",
    "TARGETENTRY": "expr resno resname ressortgroupref resorigtbl resorigcol resjunk",
    "VAR": (
        "varno varattno vartype vartypmod varcollid varnullingrels[16:] varlevelsup "
        "varreturningtype[18:] varnosyn varattnosyn location"
    ),
    "WINDOWCLAUSE": (
        "name refname partitionClause orderClause frameOptions startOffset endOffset "
        "runCondition[:17] startInRangeFunc endInRangeFunc inRangeColl inRangeAsc "
        "inRangeNullsFirst winref copiedOrder"
    ),
    "WINDOWFUNC": (
        "winfnoid wintype wincollid inputcollid args aggfilter runCondition[17:] winref winstar "
        "winagg location"
    ),
    "XMLEXPR": "op name named_args arg_names args xmloption indent[16:] type typmod location",
}


@cache
def shapes(major: int) -> Shapes:
    """The fields of every node, as this version of PostgreSQL writes them."""
    return {node: tuple(_written(fields, major)) for node, fields in _NODES.items()}


def _written(fields: str, major: int) -> Iterator[str]:
    for name, first, end in _MARKED.findall(fields):
        if int(first or 0) <= major < int(end or major + 1):
            yield name

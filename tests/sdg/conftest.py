"""Programs of fixtures/sdg/*.case: sources and resources by path, against stand-ins for the libraries that they use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from refactor.frontend.java.files import JavaFile
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.program import load
from refactor.ir.program import Program
from refactor.ir.symbols import Origin
from tests.frameworks.conftest import compiled

_P, _C = "jakarta.persistence.", "jakarta.persistence.criteria."
_ANY = 'String name() default ""; '
_RELATION = "FetchType fetch() default FetchType.%s; CascadeType[] cascade() default {}; String mappedBy() default \"\";"
STUBS = {
    _P + "FetchType": "public enum FetchType { LAZY, EAGER }",
    _P + "CascadeType": "public enum CascadeType { ALL, PERSIST, MERGE, REMOVE }",
    _P + "InheritanceType": "public enum InheritanceType { SINGLE_TABLE, TABLE_PER_CLASS, JOINED }",
    _P + "GenerationType": "public enum GenerationType { TABLE, IDENTITY }",
    _P + "Entity": f"public @interface Entity {{ {_ANY} }}",
    _P + "Table": f"public @interface Table {{ {_ANY} }}",
    _P + "Column": f"public @interface Column {{ {_ANY} }}",
    _P + "JoinColumn": f"public @interface JoinColumn {{ {_ANY} }}",
    _P + "JoinTable": f"public @interface JoinTable {{ {_ANY} }}",
    _P + "Id": "public @interface Id {}",
    _P + "Transient": "public @interface Transient {}",
    _P + "MappedSuperclass": "public @interface MappedSuperclass {}",
    _P + "Inheritance": "public @interface Inheritance { InheritanceType strategy(); }",
    _P + "GeneratedValue": "public @interface GeneratedValue { GenerationType strategy() default GenerationType.IDENTITY; }",
    _P + "TableGenerator": f"public @interface TableGenerator {{ {_ANY} String table(); }}",
    _P + "ManyToOne": f"public @interface ManyToOne {{ {_RELATION % 'EAGER'} }}",
    _P + "OneToOne": f"public @interface OneToOne {{ {_RELATION % 'EAGER'} }}",
    _P + "OneToMany": f"public @interface OneToMany {{ {_RELATION % 'LAZY'} boolean orphanRemoval() default false; }}",
    _P + "ManyToMany": f"public @interface ManyToMany {{ {_RELATION % 'LAZY'} }}",
    _P + "NamedQuery": "public @interface NamedQuery { String name(); String query(); }",
    _P + "NamedQueries": "public @interface NamedQueries { NamedQuery[] value(); }",
    _P + "NamedNativeQuery": "public @interface NamedNativeQuery { String name(); String query(); }",
    _P + "Query": "import java.util.List; public interface Query { int executeUpdate(); List getResultList(); }",
    _P + "TypedQuery": "import java.util.List; public interface TypedQuery<T> { List<T> getResultList(); T getSingleResult(); }",
    _P + "EntityManager": f"""public interface EntityManager {{ <T> T find(Class<T> type, Object id); void persist(Object o);
        <T> T merge(T o); void remove(Object o); Query createQuery(String text); <T> TypedQuery<T> createQuery(String text, Class<T> type);
        <T> TypedQuery<T> createQuery({_C}CriteriaQuery<T> query); Query createNativeQuery(String sql); Query createNamedQuery(String name);
        {_C}CriteriaBuilder getCriteriaBuilder(); }}""",
    _C + "Path": "public interface Path<X> { <Y> Path<Y> get(String name); }",
    _C + "Root": "public interface Root<X> extends Path<X> { <Y> Path<Y> join(String name); }",
    _C + "CriteriaQuery": "public interface CriteriaQuery<T> { <X> Root<X> from(Class<X> type); }",
    _C + "CriteriaBuilder": "public interface CriteriaBuilder { <T> CriteriaQuery<T> createQuery(Class<T> type); }",
    "org.springframework.transaction.annotation.Propagation": "public enum Propagation { REQUIRED, REQUIRES_NEW, NOT_SUPPORTED }",
    "org.springframework.transaction.annotation.Transactional":
        "public @interface Transactional { Propagation propagation() default Propagation.REQUIRED; }",
    "jakarta.ejb.Stateless": "public @interface Stateless {}",
    "jakarta.ejb.MessageDriven": "public @interface MessageDriven {}",
    "org.springframework.scheduling.annotation.Async": "public @interface Async {}",
    "jakarta.ejb.TransactionAttributeType": "public enum TransactionAttributeType { REQUIRED, REQUIRES_NEW, NEVER }",
    "jakarta.ejb.TransactionAttribute": "public @interface TransactionAttribute { TransactionAttributeType value(); }",
    "org.springframework.data.repository.Repository": "public interface Repository<T, I> {}",
    "org.springframework.data.repository.CrudRepository":
        "public interface CrudRepository<T, I> extends Repository<T, I> { T save(T o); void deleteById(I id); Iterable<T> findAll(); }",
    "org.springframework.data.jpa.repository.Query": "public @interface Query { String value(); boolean nativeQuery() default false; }",
    "org.apache.ibatis.annotations.Select": "public @interface Select { String[] value(); }",
    "org.apache.ibatis.annotations.Insert": "public @interface Insert { String[] value(); }",
    "org.apache.ibatis.annotations.SelectProvider": "public @interface SelectProvider { Class<?> type(); String method(); }",
    "org.apache.ibatis.session.SqlSession": "public interface SqlSession { <T> T selectOne(String statement); int delete(String s); }",
    "org.springframework.jdbc.core.JdbcTemplate":
        "public class JdbcTemplate { public int update(String sql, Object... a) { return 0; }\n"
        "public <T> T queryForObject(String sql, Class<T> t) { return null; } }",
    "org.springframework.jdbc.core.simple.SimpleJdbcInsert":
        "public class SimpleJdbcInsert { public SimpleJdbcInsert withTableName(String n) { return this; }\n"
        "public SimpleJdbcInsert usingGeneratedKeyColumns(String... n) { return this; } public int execute(Object o) { return 0; } }",
    "org.springframework.transaction.support.TransactionTemplate":
        "public class TransactionTemplate { public <T> T execute(java.util.function.Supplier<T> a) { return a.get(); } }",
    "org.hibernate.Session": "public interface Session extends jakarta.persistence.EntityManager { void saveOrUpdate(Object o); }",
}  # fmt: skip

Load = Callable[[Mapping[str, str]], Program]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> JavaLibrary:
    """The platform and the compiled stand-ins."""
    return JavaLibrary([compiled(tmp_path_factory.mktemp("persistence"), STUBS)], 17)


@pytest.fixture
def loaded(tmp_path: Path, library: JavaLibrary) -> Load:
    """A Program from texts by path; what is not Java is a resource; `...Test.java` is a test."""

    def make(texts: Mapping[str, str]) -> Program:
        files = []
        for path, text in texts.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
            if path.endswith(".java"):
                files.append(JavaFile(path, tmp_path / path, "", Origin.TEST if path.endswith("Test.java") else Origin.MAIN))
        program = load(tmp_path, files, library)
        assert not program.diagnostics, [d.render() for d in program.diagnostics]
        return program

    return make

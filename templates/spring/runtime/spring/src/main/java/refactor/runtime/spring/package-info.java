/** Serves the runtime's dispatcher from Spring MVC. */
package refactor.runtime.spring;

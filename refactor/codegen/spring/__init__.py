"""The Spring Boot target: proxies, skeletons, source edits and the Maven projects around them."""

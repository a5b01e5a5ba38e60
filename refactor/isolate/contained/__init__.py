"""What a container does with beans besides injecting them, one concern a file: pairs of a class and the bean that concerns it."""

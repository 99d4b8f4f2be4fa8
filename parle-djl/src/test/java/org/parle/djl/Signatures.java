package org.parle.djl;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which classes a user of a class can see: those that its public and protected signatures name. */
final class Signatures extends ArchCondition<JavaClass> {

    private final List<String> hidden;

    private Signatures(List<String> hidden) {
        super("not name classes of " + hidden + " in what users see");
        this.hidden = hidden;
    }

    /** Returns the condition that no signature names a class of some packages. */
    static ArchCondition<JavaClass> withoutPackages(List<String> hidden) {
        return new Signatures(hidden);
    }

    @Override
    public void check(JavaClass one, ConditionEvents events) {
        if (!isSeen(one)) {
            return;
        }
        report(one, one.getName(), types(one), events);
        for (JavaMember member : one.getMembers()) {
            if (isSeen(member.getModifiers())) {
                report(one, member.getFullName(), types(member), events);
            }
        }
    }

    private static boolean isSeen(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC)
                || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static boolean isSeen(JavaClass one) {
        Optional<JavaClass> outer = one.getEnclosingClass();
        return isSeen(one.getModifiers()) && (outer.isEmpty() || isSeen(outer.get()));
    }

    private static Set<JavaType> types(JavaClass one) {
        Set<JavaType> types = new LinkedHashSet<>(one.getInterfaces());
        one.getSuperclass().ifPresent(types::add);
        one.getTypeParameters().forEach(parameter -> types.addAll(parameter.getUpperBounds()));
        return types;
    }

    private static Set<JavaType> types(JavaMember member) {
        Set<JavaType> types = new LinkedHashSet<>();
        if (member instanceof JavaField field) {
            types.add(field.getType());
        } else if (member instanceof JavaCodeUnit code) {
            types.add(code.getReturnType());
            types.addAll(code.getParameterTypes());
            types.addAll(code.getExceptionTypes());
            code.getTypeParameters().forEach(one -> types.addAll(one.getUpperBounds()));
        }
        return types;
    }

    private void report(JavaClass one, String where, Set<JavaType> types, ConditionEvents events) {
        for (JavaType type : types) {
            for (JavaClass raw : type.getAllInvolvedRawTypes()) {
                if (hidden.contains(raw.getPackageName())) {
                    events.add(
                            SimpleConditionEvent.violated(one, where + " names " + raw.getName()));
                }
            }
        }
    }
}

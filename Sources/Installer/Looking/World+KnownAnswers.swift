extension World {
    /// The questions whose possible answers stand in files of this machine.
    public static let knownFields: Set<Field.ID> = [Field.context.id, Field.builder.id]

    /// What a shell may offer as the answer to a question. Nothing is dialled: whoever presses Tab does not wait, and
    /// wakes no builder.
    public func knownAnswers(to field: Field.ID) async -> [String] {
        switch field {
        case Field.context.id:
            // Without kubectl or a kubeconfig there is nothing to offer; a shell has no place for the reason.
            (try? await Query<Facts.Contexts>.contexts.value(from: runner))?.names ?? []
        case Field.builder.id: BuildxState(of: self).builders().builders.map(\.name)
        default: []
        }
    }
}

extension World {
    /// The builders that docker buildx on this machine knows, from its files. Nothing is dialled: who presses Tab does
    /// not wait, and wakes no builder.
    public var builderNames: [String] { BuildxState(of: self).builders().builders.map(\.name) }
}

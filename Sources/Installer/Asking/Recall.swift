extension Answers {
    /// Takes the answers of an earlier run for everything that was not given this time.
    ///
    /// - Parameter saved: what was answered then, by the field's id; a value that is no longer allowed does not count.
    public mutating func recall(_ saved: [Field.ID: String], except given: Set<Field.ID>) {
        let plain = Answers()
        for field in Field.all where !given.contains(field.id) {
            let before = field.text(in: plain)
            do throws(Problem) { try field.store(saved[field.id] ?? before, in: &self) } catch {
                // The default is always allowed.
                try? field.store(before, in: &self)
            }
        }
    }
}

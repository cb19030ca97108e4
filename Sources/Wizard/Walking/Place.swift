import Installer

/// A page of the wizard, by name.
enum Place: Hashable, Sendable {
    case start, status, checks
    case form(String)
    case review, progress, done
}

extension Verb {
    /// The pages in the order in which they are walked. The cluster's only question is on the page of the
    /// checks.
    func places(where isAsked: (Form) -> Bool = { _ in true }) -> [Place] {
        [.start, .checks] + forms.filter { $0 != .cluster && isAsked($0) }.map { .form($0.id) } + [
            .review, .progress, .done,
        ]
    }

    /// The page that asks a field; nil for what no page asks.
    func place(asking field: Field.ID) -> Place? {
        guard let form = form(asking: field) else { return nil }
        return form == .cluster ? .checks : .form(form.id)
    }

    func form(asking field: Field.ID) -> Form? {
        forms.first { $0.fields.contains { $0.id == field } }
    }
}

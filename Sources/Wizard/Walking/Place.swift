import Installer

/// A page of the wizard, by name.
enum Place: Hashable, Sendable {
    case start, checks
    case form(String)
    case review, progress, done

    /// The pages in the order in which they are walked. The cluster's only question is on the page of the
    /// checks.
    static let all: [Place] =
        [.start, .checks] + Form.all.filter { $0.id != Form.cluster.id }.map { .form($0.id) }
        + [.review, .progress, .done]

    /// The page's number, from 1; the start has none.
    var number: Int? {
        guard let index = Place.all.firstIndex(of: self), index > 0 else { return nil }
        return index
    }

    /// The highest number.
    static var last: Int { all.count - 1 }

    /// The page that asks a field; nil for what no page asks.
    init?(asking field: Field.ID) {
        guard let form = Form.all.first(where: { $0.fields.contains { $0.id == field } }) else { return nil }
        self = form == .cluster ? .checks : .form(form.id)
    }
}

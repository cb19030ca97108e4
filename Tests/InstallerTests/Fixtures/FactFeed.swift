import Synchronization

/// Collects values, in order.
final class Collector<Element: Sendable>: Sendable {
    private let gathered = Mutex<[Element]>([])

    func add(_ element: Element) { gathered.withLock { $0.append(element) } }
    var all: [Element] { gathered.withLock { $0 } }
}

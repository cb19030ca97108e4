/// Interrupts a screen that waits for events. Any task may use it, also after the screen was closed.
public struct Waker: Sendable {
    private let action: @Sendable () -> Void

    public init(_ action: @escaping @Sendable () -> Void) {
        self.action = action
    }

    public func wake() { action() }
}

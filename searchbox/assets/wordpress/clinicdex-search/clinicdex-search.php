<?php
/**
 * Plugin Name:       clinicdex search
 * Description:       Puts the clinicdex search box into the site: in place of the theme's search form, as a block, or by the shortcode [clinicdex_search]. The theme's own form stays inside it and works without JavaScript and when the search server is down.
 * Version:           0.1.0
 * Requires at least: 6.0
 * Requires PHP:      7.4
 * License:           MIT
 * Text Domain:       clinicdex-search
 */

defined( 'ABSPATH' ) || exit;

const CLINICDEX_OPTION = 'clinicdex_search';

/** The settings: where the search box is, and whether it replaces the theme's form. */
function clinicdex_settings(): array {
	$defaults = array( 'server' => '', 'index' => '', 'replace' => '1' );
	return wp_parse_args( get_option( CLINICDEX_OPTION, array() ), $defaults );
}

/** The URL of the script: on the server, or in the folder of an exported search box; empty if neither is set. */
function clinicdex_script(): string {
	$settings = clinicdex_settings();
	$base     = $settings['server'] ? $settings['server'] : $settings['index'];
	return $base ? trailingslashit( $base ) . 'clinicdex-search.js' : '';
}

/** Load the script, deferred and from its own file: nothing stands in the page itself. */
function clinicdex_enqueue(): void {
	$script = clinicdex_script();
	if ( $script ) {
		// No version: the server says by ETag what is new.
		// phpcs:ignore WordPress.WP.EnqueuedResourceParameters
		wp_enqueue_script( 'clinicdex-search', $script, array(), null, true );
	}
}
add_action( 'wp_enqueue_scripts', 'clinicdex_enqueue' );

add_filter(
	'script_loader_tag',
	static function ( string $tag, string $handle ): string {
		$ours = 'clinicdex-search' === $handle && false === strpos( $tag, ' defer' );
		return $ours ? str_replace( ' src=', ' defer src=', $tag ) : $tag;
	},
	10,
	2
);

/** The search box around a form. */
function clinicdex_box( string $form ): string {
	$settings  = clinicdex_settings();
	$index     = esc_url( trailingslashit( $settings['index'] ) );
	$attribute = $settings['server'] ? '' : sprintf( ' data-index="%s"', $index );
	$language  = esc_attr( substr( get_locale(), 0, 2 ) );
	return sprintf( '<clinicdex-search lang="%s"%s>%s</clinicdex-search>', $language, $attribute, $form );
}

/** In place of the theme's form, which stays inside. */
function clinicdex_in_place( $form ) {
	if ( ! clinicdex_script() || ! clinicdex_settings()['replace'] ) {
		return $form;
	}
	$is_plain = is_string( $form ) && false === strpos( $form, '<clinicdex-search' );
	return $is_plain ? clinicdex_box( $form ) : $form;
}
add_filter( 'get_search_form', 'clinicdex_in_place', 99 );
add_filter( 'render_block_core/search', 'clinicdex_in_place', 99 );

/** The plain form that the shortcode and the block have inside. */
function clinicdex_form(): string {
	return sprintf(
		'<form role="search" method="get" action="%1$s"><input type="search" name="s" aria-label="%2$s" value="%3$s"><button>%2$s</button></form>',
		esc_url( home_url( '/' ) ),
		esc_attr__( 'Search' ),
		esc_attr( get_search_query() )
	);
}

/** The shortcode and the block. */
function clinicdex_shown(): string {
	return clinicdex_script() ? clinicdex_box( clinicdex_form() ) : clinicdex_form();
}

add_action(
	'init',
	static function (): void {
		add_shortcode( 'clinicdex_search', 'clinicdex_shown' );
		$needs = array( 'wp-blocks', 'wp-element', 'wp-server-side-render' );
		wp_register_script( 'clinicdex-search-block', plugins_url( 'block.js', __FILE__ ), $needs, '0.1.0', true );
		register_block_type( __DIR__, array( 'render_callback' => 'clinicdex_shown' ) );
	}
);

/** What is kept of what was typed into the settings: web addresses, and nothing else. */
function clinicdex_checked( $given ): array {
	$given   = is_array( $given ) ? $given : array();
	$checked = array( 'replace' => empty( $given['replace'] ) ? '' : '1' );
	foreach ( array( 'server', 'index' ) as $name ) {
		$url              = isset( $given[ $name ] ) ? trim( (string) $given[ $name ] ) : '';
		$checked[ $name ] = esc_url_raw( $url, array( 'http', 'https' ) );
		if ( $url && ! $checked[ $name ] ) {
			/* translators: %s: what was typed */
			$message = __( '%s is no web address; write https://…', 'clinicdex-search' );
			add_settings_error( CLINICDEX_OPTION, $name, sprintf( $message, $url ) );
		}
	}
	return $checked;
}

add_action(
	'admin_init',
	static function (): void {
		register_setting( CLINICDEX_OPTION, CLINICDEX_OPTION, array( 'sanitize_callback' => 'clinicdex_checked' ) );
	}
);

add_action(
	'admin_menu',
	static function (): void {
		$name = 'clinicdex search';
		add_options_page( $name, $name, 'manage_options', CLINICDEX_OPTION, 'clinicdex_settings_page' );
	}
);

add_filter(
	'plugin_action_links_' . plugin_basename( __FILE__ ),
	static function ( array $links ): array {
		$page = admin_url( 'options-general.php?page=' . CLINICDEX_OPTION );
		$settings = sprintf( '<a href="%s">%s</a>', esc_url( $page ), esc_html__( 'Settings' ) );
		return array_merge( array( $settings ), $links );
	}
);

/** The settings page. */
function clinicdex_settings_page(): void {
	$settings = clinicdex_settings();
	?>
	<div class="wrap">
		<h1>clinicdex search</h1>
		<form method="post" action="options.php">
			<?php settings_fields( CLINICDEX_OPTION ); ?>
			<table class="form-table" role="presentation">
				<tr>
					<th scope="row"><label for="clinicdex-server"><?php esc_html_e( 'Search server', 'clinicdex-search' ); ?></label></th>
					<td><input class="regular-text code" type="url" id="clinicdex-server" name="clinicdex_search[server]" placeholder="https://search.clinic.example" value="<?php echo esc_attr( $settings['server'] ); ?>">
					<p class="description"><?php esc_html_e( 'Where clinicdex serve runs. It must allow this site: clinicdex serve --cors', 'clinicdex-search' ); ?> <code><?php echo esc_html( untrailingslashit( home_url() ) ); ?></code></p></td>
				</tr>
				<tr>
					<th scope="row"><label for="clinicdex-index"><?php esc_html_e( 'or: folder of an exported search box', 'clinicdex-search' ); ?></label></th>
					<td><input class="regular-text code" type="text" id="clinicdex-index" name="clinicdex_search[index]" placeholder="/search/" value="<?php echo esc_attr( $settings['index'] ); ?>">
					<p class="description"><?php esc_html_e( 'What clinicdex export --static wrote, uploaded to this site. Used if there is no server.', 'clinicdex-search' ); ?></p></td>
				</tr>
				<tr>
					<th scope="row"><?php esc_html_e( 'Theme', 'clinicdex-search' ); ?></th>
					<td><label><input type="checkbox" name="clinicdex_search[replace]" value="1" <?php checked( $settings['replace'], '1' ); ?>> <?php esc_html_e( 'In place of the search forms of the theme, which stay inside and work without JavaScript', 'clinicdex-search' ); ?></label></td>
				</tr>
			</table>
			<?php submit_button(); ?>
		</form>
	</div>
	<?php
}

// A drawer over the page. It lives in the console's own root: in the body, antd would keep the page from scrolling by a
// <style> element, which the content security policy refuses, and the page does not scroll in any case.
import { Drawer } from 'antd';
import type { DrawerProps } from 'antd';

const root = (): HTMLElement => document.getElementById('root') ?? document.body;

export function SideDrawer(props: DrawerProps) {
  return <Drawer destroyOnHidden getContainer={root} {...props} />;
}
